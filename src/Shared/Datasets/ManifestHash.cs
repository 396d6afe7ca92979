using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ReidCloud.Datasets;

/// <summary>Names a manifest by what the data set is, not by how it was packed.</summary>
internal static class ManifestHash
{
    public static string Of(
        IReadOnlyList<string> identities, IReadOnlyList<Camera> cameras, IReadOnlyList<FrameSource> frames, IReadOnlyList<Tracklet> tracklets)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var text = new StringBuilder("manifest 1\n");
        void Line(FormattableString line)
        {
            text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
            if (text.Length > 1 << 16)
            {
                Flush();
            }
        }

        void Flush()
        {
            hash.AppendData(Encoding.UTF8.GetBytes(text.ToString()));
            text.Clear();
        }

        foreach (var identity in identities)
        {
            Line($"identity {identity}");
        }

        foreach (var camera in cameras)
        {
            Line($"camera {camera.Modality} {camera.Name}");
        }

        foreach (var tracklet in tracklets)
        {
            Line($"tracklet {tracklet.Split} {tracklet.Identity} {tracklet.Camera} {tracklet.FrameCount}{(tracklet.Time is { } time ? $" at {time}" : "")}");
        }

        // Each tracklet's, whether it shares them or not.
        foreach (var tracklet in tracklets)
        {
            for (var place = tracklet.FirstFrame; place < tracklet.FirstFrame + tracklet.FrameCount; place++)
            {
                Line($"frame {frames[place].Length} {frames[place].Crc32:x8} {frames[place].Name}");
            }
        }

        Flush();
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
