using System.IO.Compression;
using BenchmarkDotNet.Attributes;
using ReidCloud.Datasets;

namespace ReidCloud.Benchmarks.Hot;

/// <summary>The directory of an archive with 10,000 files.</summary>
public class ZipDirectory
{
    private const int Files = 10_000;

    private readonly MemoryStream _archive = new();

    [GlobalSetup]
    public void Write()
    {
        using var zip = new ZipArchive(_archive, ZipArchiveMode.Create, leaveOpen: true);
        for (var file = 0; file < Files; file++)
        {
            using var entry = zip.CreateEntry($"bounding_box_train/{file:D4}_c1s1_000151_01.jpg", CompressionLevel.NoCompression).Open();
            entry.Write([1, 2, 3]);
        }
    }

    [Benchmark]
    public int Index() => ArchiveIndex.Read(_archive, "market.zip").Entries.Count;
}
