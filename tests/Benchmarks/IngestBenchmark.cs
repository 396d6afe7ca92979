using System.Diagnostics;
using ReidCloud.Datasets;
using ReidCloud.Runs;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Benchmarks;

/// <summary>
/// A zip of a million entries to a manifest with its diagnosis, which is then written as the store keeps it: of a local file, and by range requests out of the
/// storage emulator.
/// </summary>
internal static class IngestBenchmark
{
    private static readonly byte[] Picture = LargeArchive.Hollow(100);
    private const double LimitSeconds = 60;
    private const double LimitMiB = 1024;

    public static IEnumerable<Figure> Take(Extent extent)
    {
        var frames = extent == Extent.Whole ? 1_000_000 : 100_000;
        var share = frames / 1e6;
        var folder = Directory.CreateTempSubdirectory("reidcloud-ingest-");
        try
        {
            foreach (var (layout, write) in new (string, Action<Stream, int>)[] { ("market1501", (to, count) => LargeArchive.WriteMarket(to, count, Picture)), ("mars", (to, count) => LargeArchive.WriteMars(to, count, Picture)) })
            {
                var file = Path.Combine(folder.FullName, $"{layout}.zip");
                using (var to = new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20))
                {
                    write(to, frames);
                }

                var seconds = Local(file);
                yield return new Figure($"manifest and diagnosis of {frames:N0} entries, arrangement of {layout}, a local zip", seconds, "the limit, a minute for a million", LimitSeconds * share, "s") { AtMost = 1 };
            }

            yield return Peak("of these");
            yield return new Figure(
                $"commit of {frames:N0} entries, arrangement of mars, zip in Azurite, manifest into it", Stored(Path.Combine(folder.FullName, "mars.zip")).GetAwaiter().GetResult(),
                "the limit, a minute for a million", LimitSeconds * share, "s") { AtMost = 1 };
            yield return Peak("with this one");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Figure Peak(string of)
    {
        using var self = Process.GetCurrentProcess();
        return new Figure($"peak memory {of}", self.PeakWorkingSet64 / (double)(1 << 20), "the limit, whatever the number of entries", LimitMiB, "MiB") { AtMost = 1 };
    }

    private static double Local(string file)
    {
        var begun = Stopwatch.GetTimestamp();
        var blob = new DatasetBlob(Path.GetFileName(file), new FileInfo(file).Length, "etag");
        var manifest = DatasetIngest.Run("large", [blob], _ => File.OpenRead(file), null, null, CancellationToken.None);
        using (var to = File.Create($"{file}.manifest"))
        {
            ManifestJson.Write(to, manifest);
        }

        return Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }

    private static async Task<double> Stored(string file)
    {
        await using var azurite = await AzuriteProcess.StartAsync();
        var storage = new StorageAccess(new ReidCloudOptions { StorageConnection = azurite.Connection });
        await storage.CreateAsync(CancellationToken.None);
        await storage.Datasets.GetBlobClient(RunPaths.Upload("large", "large.zip")).UploadAsync(file);
        var datasets = new DatasetStore(storage, TimeProvider.System);
        var begun = Stopwatch.GetTimestamp();
        await using var work = (await datasets.BeginCommitAsync("large", new CommitRequest(), CancellationToken.None)).Work!;
        var uploads = await datasets.ListUploadsAsync(work, CancellationToken.None);
        var manifest = DatasetIngest.Run("large", uploads, upload => datasets.OpenUpload("large", upload), null, null, CancellationToken.None);
        await work.CompleteAsync(manifest, CancellationToken.None);
        return Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }
}
