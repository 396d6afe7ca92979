using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ReidCloud.Datasets;

/// <summary>Names a manifest by what the data set is, not by how it was packed.</summary>
internal static class ManifestHash
{
    /// <summary>So many letters are hashed together.</summary>
    private const int FlushAt = 1 << 14;

    public static string Of(
        IReadOnlyList<string> identities, IReadOnlyList<Camera> cameras, IReadOnlyList<FrameSource> frames, IReadOnlyList<Tracklet> tracklets,
        IReadOnlyList<IReadOnlyList<int>> draws)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var text = new StringBuilder("manifest 1\n");
        var letters = new char[2 * FlushAt];
        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(letters.Length)];
        void EndLine()
        {
            text.Append('\n');
            if (text.Length > FlushAt)
            {
                Flush();
            }
        }

        void Flush()
        {
            letters = letters.Length >= text.Length ? letters : new char[text.Length];
            text.CopyTo(0, letters, text.Length);
            var most = Encoding.UTF8.GetMaxByteCount(text.Length);
            bytes = bytes.Length >= most ? bytes : new byte[most];
            hash.AppendData(bytes.AsSpan(0, Encoding.UTF8.GetBytes(letters.AsSpan(0, text.Length), bytes)));
            text.Clear();
        }

        foreach (var identity in identities)
        {
            text.Append(CultureInfo.InvariantCulture, $"identity {identity}");
            EndLine();
        }

        foreach (var camera in cameras)
        {
            text.Append(CultureInfo.InvariantCulture, $"camera {camera.Modality} {camera.Name}");
            EndLine();
        }

        foreach (var tracklet in tracklets)
        {
            text.Append(CultureInfo.InvariantCulture, $"tracklet {tracklet.Split} {tracklet.Identity} {tracklet.Camera} {tracklet.FrameCount}");
            if (tracklet.Time is { } time)
            {
                text.Append(CultureInfo.InvariantCulture, $" at {time}");
            }

            EndLine();
        }

        // Each tracklet's, whether it shares them or not.
        foreach (var tracklet in tracklets)
        {
            for (var place = tracklet.FirstFrame; place < tracklet.FirstFrame + tracklet.FrameCount; place++)
            {
                var frame = frames[place];
                text.Append(CultureInfo.InvariantCulture, $"frame {frame.Length} {frame.Crc32:x8} {frame.Name}");
                EndLine();
            }
        }

        foreach (var (trial, draw) in draws.Index())
        {
            foreach (var place in draw)
            {
                text.Append(CultureInfo.InvariantCulture, $"draw {trial} {frames[place].Name}");
                EndLine();
            }
        }

        Flush();
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
