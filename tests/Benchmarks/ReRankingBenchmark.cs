using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using ReidCloud.GpuRunner;
using ReidCloud.GpuRunner.Evaluation;
using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.Benchmarks;

/// <summary>
/// k-reciprocal re-ranking beside the dense algorithm in numpy: all distances in one matrix, every row sorted, the matrix V, rows of Jaccard distances. That both come to the same is
/// looked at on the same distances, since of features the two round differently and two neighbors that are all but equally near change places.
/// </summary>
internal static class ReRankingBenchmark
{
    private const int Dimensions = 2048;
    private const int Cameras = 6;
    private const int Compared = 2_000;
    private const int Warmup = 500;
    private const double Tolerance = 1e-5;
    private const string Dense = "the dense algorithm (numpy)";

    public static IEnumerable<Figure> Take(Extent extent)
    {
        set_num_threads(Environment.ProcessorCount);
        var (queries, gallery, identities) = extent == Extent.Whole ? (3_368, 15_913, 751) : (421, 1_989, 94);
        var size = string.Create(CultureInfo.InvariantCulture, $"{queries:N0} × {gallery:N0} × {Dimensions:N0}");
        var folder = Directory.CreateTempSubdirectory("reidcloud-re-ranking-");
        try
        {
            using (var few = BenchmarkFeatures.Of(Warmup, Warmup / 20, Cameras, Dimensions, seed: 2))
            {
                ReRank(few, Warmup / 5);
            }

            using var set = BenchmarkFeatures.Of(queries + gallery, identities, Cameras, Dimensions, seed: 1);
            var seconds = Turns.Time(() => ReRank(set, queries));
            using var process = Process.GetCurrentProcess();
            var memory = process.PeakWorkingSet64 / (double)(1 << 20);
            var (time, peak) = ($"re-ranked: {size}", $"peak memory of the process: {size}");
            if (PythonPeer.Missing("numpy") is { } missing)
            {
                return [Figure.Without(time, Dense, missing, seconds, "s"), Figure.Without(peak, Dense, missing, memory, "MiB")];
            }

            var items = queries + gallery;
            var (theirSeconds, theirMemory, _) = Peer("features", folder.FullName, set.Embedding_ND.bytes, items, queries);
            return
            [
                new Figure(time, seconds, Dense, theirSeconds, "s") { AtMost = 0.1, BoundBy = "the product of all items with each other, each pair once: more than two thirds" },
                new Figure(peak, memory, Dense, theirMemory, "MiB") { AtMost = 0.125, BoundBy = $"the features, {items * (long)Dimensions * sizeof(float) >> 20} MiB; the distances of the queries to the gallery, which are kept where they have 256 MiB or less; a tile of distances; and what .NET with libtorch takes, about 200 MiB" },
                Difference(folder.FullName),
            ];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Of the same distances.</summary>
    private static Figure Difference(string folder)
    {
        const int Queries = Compared / 5;
        using var set = BenchmarkFeatures.Of(Compared, Compared / 20, Cameras, Dimensions, seed: 3);
        using var features = new ComparableFeatures(set, new FeatureDistance(DistanceMetric.Euclidean));
        var distances_NN = new float[Compared * Compared];
        features.To(0, Compared, features, 0, distances_NN);
        var theirs = Peer("distances", folder, MemoryMarshal.AsBytes(distances_NN.AsSpan()), Compared, Queries).Distances_QG;
        var ours = new List<float>();
        ReRank(set, Queries, tile => ours.AddRange(tile.Distances_QG.Span));
        return new Figure(
            string.Create(CultureInfo.InvariantCulture, $"largest difference, {Compared:N0} items by the same distances"),
            ours.Zip(theirs, (one, other) => Math.Abs((double)one - other)).Max(),
            "the tolerance",
            Tolerance,
            "") { AtMost = 1 };
    }

    /// <summary>As an evaluation does. Each tile is handed over and forgotten, as one is that is ranked.</summary>
    private static void ReRank(EmbeddingSet set, int queries, Action<DistanceTile>? keep = null)
    {
        KeptMemory.GiveBack();
        using var features = new ComparableFeatures(set, new FeatureDistance(DistanceMetric.Euclidean));
        var reRanking = ReRanking.Of(ItemDistances.Of(features), queries, DistanceMetric.Euclidean, new ReRankingSpec(), null, CancellationToken.None);
        foreach (var tile in reRanking.Tiles(features, CancellationToken.None))
        {
            keep?.Invoke(tile);
        }
    }

    /// <summary>What the peer needs for it, and what comes out.</summary>
    private static (double Seconds, double Memory, float[] Distances_QG) Peer(string what, string folder, ReadOnlySpan<byte> numbers, int items, int queries)
    {
        var (file, result) = (Path.Combine(folder, what), Path.Combine(folder, "result"));
        using (var stream = File.Create(file))
        {
            stream.Write(numbers);
        }

        using var python = PythonPeer.Start("re_ranking.py");
        var answer = Array.ConvertAll(python.Ask($"{what} {file} {items} {queries} {result}"), text => double.Parse(text, CultureInfo.InvariantCulture));
        return (answer[0], answer[1] / (1 << 20), MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(result)).ToArray());
    }
}
