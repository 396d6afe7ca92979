using Azure;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using ReidCloud.Benchmarks.Load;
using ReidCloud.Cli;
using ReidCloud.Cli.Api;
using ReidCloud.Cli.Progress;
using ReidCloud.Datasets;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Benchmarks;

/// <summary>
/// `reid dataset push` of a zip, through the API to its committed manifest, and beside it the storage's own library that moves the same bytes to and from the same
/// emulator and does nothing else, turn by turn.
/// </summary>
internal static class UploadBenchmark
{
    /// <summary>About that of a cropped person.</summary>
    private const int PictureLength = 5_000;

    /// <summary>What ingest looks at of a set of any size: 20,000 frames.</summary>
    private const int Looked = 20_000;
    private const int RangeLength = 4 << 20;

    /// <summary>As it sends files of more than 256 MiB by itself: shorter ones by one request, which the emulator takes in a fifth of the time, and which begins anew when it breaks off.</summary>
    private static readonly BlobUploadOptions InBlocks = new() { TransferOptions = new StorageTransferOptions { InitialTransferSize = 16 << 20, MaximumTransferSize = 16 << 20 } };

    public static IEnumerable<Figure> Take(Extent extent)
    {
        // The emulator keeps what was deleted, in memory.
        var (frames, turns) = extent == Extent.Whole ? (100_000, 3) : (20_000, 2);
        var system = LoadSystem.StartAsync().GetAwaiter().GetResult();
        var file = Path.GetTempFileName();
        try
        {
            using (var to = new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20))
            {
                LargeArchive.WriteMarket(to, frames, LargeArchive.Hollow(PictureLength));
            }

            File.Move(file, file += ".zip");
            var size = $"a zip of {new FileInfo(file).Length / 1e9:F1} GB, {frames:N0} entries";
            var (storage, turn) = (system.NewStorage(), 0);
            var bare = storage.Datasets.GetBlobClient("bare");
            yield return Turns.Seconds(
                $"upload of {size}, through an address that the API signed",
                () => Time(() => UploadAsync(system.Address, file, $"sent-{turn++}")),
                "upload in blocks by Azure.Storage.Blobs",
                () => Time(() => bare.UploadAsync(file, InBlocks)),
                turns) with { AtMost = 1.2, BoundBy = "the emulator, which takes 40 MB a second in blocks" };
            yield return Turns.Seconds(
                $"`reid dataset push` of {size}, to its manifest",
                () => Time(() => PushAsync(system.Address, file, $"pushed-{turn++}")),
                $"upload in blocks by Azure.Storage.Blobs, and back what {Looked:N0} frames and the zip's directory have",
                () => Time(async () =>
                {
                    await bare.UploadAsync(file, InBlocks);
                    for (var at = 0L; at < Math.Min(Looked, frames) * (long)PictureLength; at += RangeLength)
                    {
                        await bare.DownloadContentAsync(new BlobDownloadOptions { Range = new HttpRange(at, RangeLength) });
                    }
                }),
                turns) with { AtMost = 1.2, BoundBy = "the emulator, one thread that takes and gives all bytes" };
        }
        finally
        {
            File.Delete(file);
            system.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    private static async Task UploadAsync(Uri api, string file, string name)
    {
        using var client = new ReidClient(api);
        using var http = new HttpClient();
        await using var content = File.OpenRead(file);
        await new BlobUpload(http, async token => (await client.OfferUploadAsync(name, "set.zip", token)).Url).SendAsync(content, _ => { }, CancellationToken.None);
    }

    private static async Task PushAsync(Uri api, string file, string name)
    {
        using var client = new ReidClient(api);
        var view = await new DatasetPush(client, new Terminal(TextWriter.Null, TextWriter.Null)).PushAsync(file, name, null, null, CancellationToken.None);
        if (view.State != DatasetState.Ready)
        {
            throw new InvalidOperationException($"the commit ended as {view.State}: {view.Failure}");
        }
    }

    private static double Time(Func<Task> act) => Turns.Time(() => act().GetAwaiter().GetResult());
}
