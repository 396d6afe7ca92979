using System.Diagnostics;
using System.Globalization;
using ReidCloud.GpuRunner.Evaluation;
using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.Benchmarks;

/// <summary>Time and memory of k-reciprocal re-ranking at the size of Market-1501: 3,368 queries, 15,913 gallery items, 2,048 numbers each, of random identities.</summary>
internal static class ReRankingTime
{
    private const int Identities = 751;

    public static void Run(int queries, int gallery, int dimensions)
    {
        var count = queries + gallery;
        using var centers_KD = randn([Identities, dimensions]);
        var identities = Enumerable.Range(0, count).Select(item => item % Identities).ToArray();
        using var embedding_ND = centers_KD.index_select(0, tensor(Array.ConvertAll(identities, identity => (long)identity))).add_(randn([count, dimensions]).mul_(2));
        using var set = new EmbeddingSet(embedding_ND, Array.ConvertAll(identities, identity => new Sighting(identity, 0)));
        Say("features");
        using var features = new ComparableFeatures(set, new FeatureDistance(DistanceMetric.Euclidean));
        var clock = Stopwatch.StartNew();
        foreach (var _ in DistanceTiles.Of(features, count, features, DistanceTiles.Usual, CancellationToken.None))
        {
        }

        Say($"all distances, {clock.Elapsed.TotalSeconds:F1} s");
        clock.Restart();
        var reRanking = ReRanking.Of(ItemDistances.Of(features), queries, DistanceMetric.Euclidean, new ReRankingSpec(), null, CancellationToken.None);
        Say($"neighbors and weights, {clock.Elapsed.TotalSeconds:F1} s");
        foreach (var tile in DistanceTiles.Of(features, queries, features, DistanceTiles.Usual, CancellationToken.None))
        {
            Parallel.For(0, tile.Count, row => reRanking.Apply(tile.First + row, tile.Distances_QG.AsSpan((row * count) + queries, gallery)));
        }

        Say($"re-ranked, {clock.Elapsed.TotalSeconds:F1} s in all");
    }

    private static void Say(string what)
    {
        using var process = Process.GetCurrentProcess();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}; peak memory {process.PeakWorkingSet64 >> 20} MiB"));
    }
}
