using System.Globalization;
using System.IO.Compression;
using System.Text;
using ReidCloud.Datasets;
using ReidCloud.GpuRunner.Data;
using ReidCloud.Runs;

namespace ReidCloud.Tests.Testing;

/// <summary>
/// A data set small enough to train on in a test: every identity wears three colors of its own, every camera tints them, every frame is noisy. Half
/// of the identities train; of the others the first camera's tracklets are queries and the rest the gallery, with a distractor among them.
/// </summary>
internal sealed class TinyDataset
{
    public const string File = "tiny.zip";
    private const int Height = 32;
    private const int Width = 16;
    private const int TrackletsPerCamera = 2;

    private readonly RandomStream _random;
    private readonly ZipArchive _zip;
    private readonly StringBuilder _table = new("path,identity,camera,split,tracklet\n");

    private TinyDataset(int identities, int cameras, int frames, long seed, Stream to)
    {
        _random = Seeding.Stream(seed, "tiny-data-set");
        using (_zip = new ZipArchive(to, ZipArchiveMode.Create, leaveOpen: true))
        {
            for (var identity = 0; identity < identities; identity++)
            {
                var colors = Enumerable.Range(0, 9).Select(_ => _random.NextDouble(20, 235)).ToArray();
                for (var tracklet = 0; tracklet < cameras * TrackletsPerCamera; tracklet++)
                {
                    var camera = tracklet / TrackletsPerCamera;
                    var split = identity < identities / 2 ? "train" : camera == 0 ? "query" : "gallery";
                    AddTracklet($"{identity:D4}", colors, camera, split, $"{identity:D4}-{tracklet}", frames);
                }
            }

            AddTracklet(ManifestCsv.Distractor, [.. Enumerable.Repeat(128.0, 9)], 1, "gallery", "nobody", frames);
            using var table = _zip.CreateEntry(ManifestCsv.FileName).Open();
            table.Write(Encoding.UTF8.GetBytes(_table.ToString()));
        }
    }

    public static byte[] Zip(int identities = 12, int cameras = 2, int frames = 4, long seed = 1)
    {
        var zip = new MemoryStream();
        _ = new TinyDataset(identities, cameras, frames, seed, zip);
        return zip.ToArray();
    }

    public static DatasetManifest Manifest(byte[] zip) =>
        DatasetIngest.Run("tiny", [new DatasetBlob(File, zip.Length, "etag")], _ => new MemoryStream(zip), "csv", null, CancellationToken.None);

    /// <summary>Uploads the archive and commits it under the name `tiny`.</summary>
    public static async Task<DatasetManifest> CommitAsync(StorageAccess storage, byte[] zip)
    {
        await storage.Datasets.GetBlobClient(RunPaths.Upload("tiny", File)).UploadAsync(new MemoryStream(zip));
        var datasets = new DatasetStore(storage, TimeProvider.System);
        await using var work = (await datasets.BeginCommitAsync("tiny", new CommitRequest("csv"), CancellationToken.None)).Work!;
        var manifest = DatasetIngest.Run("tiny", await datasets.ListUploadsAsync(work, CancellationToken.None), blob => datasets.OpenUpload("tiny", blob), "csv", null, CancellationToken.None);
        await work.CompleteAsync(manifest, CancellationToken.None);
        return manifest;
    }

    private void AddTracklet(string identity, double[] colors, int camera, string split, string tracklet, int frames)
    {
        for (var frame = 0; frame < frames; frame++)
        {
            var path = $"frames/{tracklet}-{frame:D2}.bmp";
            _table.Append(CultureInfo.InvariantCulture, $"{path},{identity},c{camera},{split},{tracklet}\n");
            using var entry = _zip.CreateEntry(path).Open();
            entry.Write(Bmp(Draw(colors, camera)));
        }
    }

    /// <summary>Head, trunk and legs, each in its color.</summary>
    private byte[] Draw(double[] colors, int camera)
    {
        var rgb = new byte[Height * Width * 3];
        for (var at = 0; at < rgb.Length; at++)
        {
            var (part, channel) = (at / 3 / Width * 3 / Height, at % 3);
            var tint = channel == camera % 3 ? 25 : 0;
            rgb[at] = (byte)Math.Clamp(colors[(part * 3) + channel] + tint + _random.NextDouble(-20, 20), 0, 255);
        }

        return rgb;
    }

    /// <summary>24 bits a pixel, rows from the bottom up; rows of 16 pixels need no padding.</summary>
    private static byte[] Bmp(byte[] rgb)
    {
        using var bytes = new MemoryStream();
        using var to = new BinaryWriter(bytes);
        const int Header = 54;
        to.Write("BM"u8);
        to.Write(Header + rgb.Length);
        to.Write(0);
        to.Write(Header);
        to.Write(40);
        to.Write(Width);
        to.Write(Height);
        to.Write((short)1);
        to.Write((short)24);
        to.Write(new byte[24]);
        for (var row = Height - 1; row >= 0; row--)
        {
            for (var column = 0; column < Width; column++)
            {
                var at = ((row * Width) + column) * 3;
                to.Write([rgb[at + 2], rgb[at + 1], rgb[at]]);
            }
        }

        return bytes.ToArray();
    }
}
