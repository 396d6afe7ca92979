using System.Diagnostics;
using System.Globalization;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using ReidCloud.Runs;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Benchmarks.Load;

/// <summary>What the emulator can do at all, asked by several at once: the bound of everything above it.</summary>
internal static class StorageRate
{
    private const int Askers = 16;
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(4);
    private static readonly BinaryData Content = BinaryData.FromBytes(new byte[1000]);

    /// <param name="blobs">So many blobs are there first.</param>
    public static async Task PrintAsync(int blobs)
    {
        await using var azurite = await AzuriteProcess.StartAsync();
        var storage = new StorageAccess(new ReidCloudOptions { StorageConnection = azurite.Connection });
        await storage.CreateAsync(CancellationToken.None);
        await Parallel.ForAsync(0, blobs, new ParallelOptions { MaxDegreeOfParallelism = Askers }, async (i, token) =>
            await Blob(storage, i).UploadAsync(Content, token));
        var (next, there) = (blobs - 1, 0);
        var put = await RateAsync(() => Blob(storage, Interlocked.Increment(ref next)).UploadAsync(Content));
        var get = await RateAsync(() => Blob(storage, Interlocked.Increment(ref there) % next).DownloadContentAsync());
        var listed = await RateAsync(async () => await storage.Runs.GetBlobsAsync(BlobTraits.None, BlobStates.None, "nothing/", CancellationToken.None).AsPages().FirstAsync());
        var sent = await RateAsync(() => storage.Queue.SendMessageAsync("0123456789abcdef0123"));
        var queued = (await storage.Queue.GetPropertiesAsync()).Value.ApproximateMessagesCount;
        var received = await RateAsync(() => storage.Queue.ReceiveMessageAsync());
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  with {blobs,6} blobs: {put:F0} writes, {get:F0} reads, {listed:F0} lists of nothing, {sent:F0} messages sent and, of {queued}, {received:F0} received a second, {Askers} at once"));
    }

    private static BlobClient Blob(StorageAccess storage, int i) => storage.Runs.GetBlobClient($"{(uint)i * 2654435761u:x8}/{i}");

    private static async Task<double> RateAsync(Func<Task> ask)
    {
        var begun = Stopwatch.GetTimestamp();
        var asked = 0;
        await Task.WhenAll(Enumerable.Range(0, Askers).Select(_ => Task.Run(async () =>
        {
            while (Stopwatch.GetElapsedTime(begun) < Span)
            {
                await ask();
                Interlocked.Increment(ref asked);
            }
        })));
        return asked / Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }
}
