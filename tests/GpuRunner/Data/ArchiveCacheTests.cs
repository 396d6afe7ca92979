using ReidCloud.Datasets;
using ReidCloud.GpuRunner.Data;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.GpuRunner.Data;

public sealed class ArchiveCacheTests : IDisposable
{
    private static readonly byte[] Zip = TinyDataset.Zip(identities: 2, frames: 2);
    private static readonly DatasetManifest Manifest = TinyDataset.Manifest(Zip);
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"reid-archives-{Guid.NewGuid():N}");
    private int _fetches;

    [Fact]
    public void An_archive_is_fetched_once_for_all_threads_and_the_next_run()
    {
        using (var first = New(Manifest))
        {
            Parallel.For(0, 200, i => Assert.Equal("BM"u8, first.Read(Manifest.Frames[i % Manifest.Frames.Count]).AsSpan(0, 2)));
        }

        using var second = New(Manifest);
        second.Read(Manifest.Frames[0]);
        Assert.Equal(1, _fetches);
    }

    [Fact]
    public void Another_version_is_another_file()
    {
        using var first = New(Manifest);
        using var second = New(Manifest with { Blobs = [Manifest.Blobs[0] with { ETag = "newer" }] });

        first.Read(Manifest.Frames[0]);
        second.Read(Manifest.Frames[0]);

        Assert.Equal(2, _fetches);
    }

    [Fact]
    public void A_local_file_of_the_wrong_length_is_fetched_again()
    {
        using (var first = New(Manifest))
        {
            first.Read(Manifest.Frames[0]);
        }

        var kept = Directory.EnumerateFiles(_folder).Single(file => !file.EndsWith(".lock", StringComparison.Ordinal));
        File.WriteAllBytes(kept, Zip[..100]);
        using var second = New(Manifest);

        Assert.NotEmpty(second.Read(Manifest.Frames[0]));
        Assert.Equal(2, _fetches);
    }

    [Fact]
    public void What_arrives_with_another_length_than_the_manifest_says_is_refused_by_name()
    {
        using var cache = New(Manifest with { Blobs = [Manifest.Blobs[0] with { Length = Zip.Length + 1 }] });

        var fault = Assert.Throws<ArchiveException>(() => cache.Read(Manifest.Frames[0]));

        Assert.Contains($"data set 'tiny': 'tiny.zip' has {Zip.Length} bytes", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fetch_that_failed_is_tried_again_by_the_next_who_asks()
    {
        var healthy = false;
        using var cache = new ArchiveCache(Manifest, _folder, (_, file, token) =>
            healthy ? File.WriteAllBytesAsync(file, Zip, token) : throw new HttpRequestException("away"));

        Assert.Throws<HttpRequestException>(() => cache.Read(Manifest.Frames[0]));
        healthy = true;
        Assert.NotEmpty(cache.Read(Manifest.Frames[0]));
    }

    [Fact]
    public async Task Who_waits_for_anothers_download_lives_as_long_as_that_gets_on()
    {
        Directory.CreateDirectory(_folder);
        var signs = new SemaphoreSlim(0);
        using var cache = new ArchiveCache(Manifest, _folder, (_, file, token) => File.WriteAllBytesAsync(file, Zip, token), () => signs.Release());
        var path = Path.Combine(_folder, ArchiveCache.NameOf(Manifest.Name, Manifest.Blobs[0]));
        Task<byte[]> read;
        using (ArchiveCache.WaitForTurn($"{path}.lock", CancellationToken.None))
        {
            read = Task.Run(() => cache.Read(Manifest.Frames[0]));
            await File.WriteAllTextAsync($"{path}.part.journal", "0;");
            await signs.WaitAsync();
            File.SetLastWriteTimeUtc($"{path}.part.journal", DateTime.UtcNow.AddHours(1));
            await signs.WaitAsync();
            Assert.False(read.IsCompleted, "it waits for its turn");
        }

        Assert.NotEmpty(await read);
        Assert.Equal(0, signs.CurrentCount);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private ArchiveCache New(DatasetManifest manifest) => new(manifest, _folder, (_, file, token) =>
    {
        Interlocked.Increment(ref _fetches);
        return File.WriteAllBytesAsync(file, Zip, token);
    });
}
