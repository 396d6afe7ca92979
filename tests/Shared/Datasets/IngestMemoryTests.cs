using System.Runtime.CompilerServices;
using ReidCloud.Datasets;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Shared.Datasets;

/// <summary>What an entry of a large archive costs in memory: figures of time are the benchmarks', this is what they rest on.</summary>
public sealed class IngestMemoryTests
{
    private const int Entries = 50_000;
    private static readonly Lazy<byte[]> Zip = new(() =>
    {
        var zip = new MemoryStream();
        LargeArchive.WriteMarket(zip, Entries, LargeArchive.Hollow(60));
        return zip.ToArray();
    });

    /// <summary>A name of 60 letters takes 144 bytes, the entry 40, the look for doubles about 40.</summary>
    [Fact]
    public void An_index_allocates_little_beyond_the_names()
    {
        ArchiveIndex.Read(new MemoryStream(HandmadeZip.Write([new ZipPart("a", [1])])), "warm.zip");
        var (zip, before) = (new MemoryStream(Zip.Value), GC.GetAllocatedBytesForCurrentThread());

        var index = ArchiveIndex.Read(zip, "large.zip");

        Assert.Equal(Entries, index.Entries.Count);
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before - (4 << 20)) / Entries, 150, 300);
    }

    /// <summary>Most of it is gone at once, such as what is needed to understand a name.</summary>
    [Fact]
    public void A_manifest_allocates_a_bounded_number_of_bytes_for_each_entry()
    {
        UploadFiles.Market1501().Pack("warm.zip").Ingest();
        var (zip, before) = (Zip.Value, GC.GetAllocatedBytesForCurrentThread());

        var manifest = new UploadFiles().Blob("large.zip", zip).Ingest();
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        ManifestJson.Write(Stream.Null, manifest);

        Assert.Equal(Entries, manifest.Frames.Count);
        Assert.InRange(allocated / Entries, 500, 3_000);
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before - allocated) / Entries, 0, 50);
    }

    /// <summary>This one is refused for what it holds; what came before it is gone by then.</summary>
    [Fact]
    public void A_large_ingest_begins_when_what_earlier_ones_left_is_collected()
    {
        var left = Left();

        Assert.Throws<DatasetException>(() => DatasetIngest.Run("large", [new DatasetBlob("film.tar", 1L << 30, "etag")], _ => new MemoryStream([0, 0, 0, 0]), null, null, CancellationToken.None));

        Assert.False(left.IsAlive);
    }

    /// <summary>As large as the arrays of a million frames are, so that only a collection of all finds it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Left() => new(new byte[32 << 20]);
}
