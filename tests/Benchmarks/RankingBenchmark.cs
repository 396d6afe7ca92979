using System.Diagnostics;
using System.Globalization;
using ReidCloud.GpuRunner.Evaluation;
using ReidCloud.Reports;
using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.Benchmarks;

/// <summary>
/// Distances, CMC, both mAPs and mINP with their error bars, beside the product of all queries with the whole gallery in single precision and nothing else. At MSMT17's size the
/// memory is what matters.
/// </summary>
internal static class RankingBenchmark
{
    private const int Dimensions = 2048;
    private const double MostMemory = 2048;
    private const string Product = "the bare float32 product (aten::mm)";

    private static readonly Search Market = new("Market-1501's size", 3_368, 15_913, 751, 6);
    private static readonly Search Msmt17 = new("MSMT17's size", 11_659, 82_161, 3_060, 15);
    private static readonly Search Small = new("a twentieth of Market-1501's pairs", 753, 3_558, 168, 6);

    public static IEnumerable<Figure> Take(Extent extent)
    {
        set_num_threads(Environment.ProcessorCount);

        // First, so that the process's peak memory is its own.
        var large = extent == Extent.Whole ? Large(Msmt17) : [];
        var search = extent == Extent.Whole ? Market : Small;
        using var queries = search.QueryFeatures();
        using var gallery = search.GalleryFeatures();
        var usual = Turns.Seconds(
            $"distances, CMC, both mAPs and mINP: {search}",
            () => Turns.Time(() => Measure(queries, gallery)),
            Product,
            () => Turns.Time(() => Multiply(queries, gallery)),
            turns: extent == Extent.Whole ? 5 : 9);
        return
        [
            usual with
            {
                AtMost = 1.3,
                BoundBy = "the product; the rest is blocks of features as seen from the gallery's mean, roots, and one pass that counts. Stated by others, not measured here: about 70 s on two "
                    + "cores for torchreid's ranking alone, distances given; 17 s in all for AlignedReID on its machine",
            },
            .. large,
        ];
    }

    private static List<Figure> Large(Search search)
    {
        using var queries = search.QueryFeatures();
        using var gallery = search.GalleryFeatures();
        var ours = Turns.Time(() => Measure(queries, gallery));
        using var process = Process.GetCurrentProcess();
        var peak = process.PeakWorkingSet64 / (double)(1 << 20);
        var features = (search.Queries + search.Gallery) * (long)Dimensions * sizeof(float) >> 20;
        return
        [
            new Figure($"peak memory of the process, features and all: {search}", peak, "the limit", MostMemory, "MiB") { AtMost = 1, BoundBy = $"the features, {features} MiB, and a tile of 256" },
            new Figure($"distances, CMC, both mAPs and mINP: {search}", ours, Product, Turns.Time(() => Multiply(queries, gallery)), "s"),
        ];
    }

    private static void Measure(EmbeddingSet queries, EmbeddingSet gallery) =>
        new Retrieval(new EvaluationSpec { Metric = DistanceMetric.Euclidean }, seed: 1).Measure(
            RetrievalSetting.ImageToImage, new RetrievalVariant(), SearchedRows.Of(queries, gallery, new FeatureDistance(DistanceMetric.Euclidean)));

    /// <summary>At once where memory has room for the product.</summary>
    private static void Multiply(EmbeddingSet queries, EmbeddingSet gallery)
    {
        const int MostRows = 4096;
        for (var first = 0; first < queries.Sightings.Length; first += MostRows)
        {
            using var scope = NewDisposeScope();
            queries.Embedding_ND.narrow(0, first, Math.Min(MostRows, queries.Sightings.Length - first)).mm(gallery.Embedding_ND.t());
        }
    }

    private sealed record Search(string Name, int Queries, int Gallery, int Identities, int Cameras)
    {
        public EmbeddingSet QueryFeatures() => BenchmarkFeatures.Of(Queries, Identities, Cameras, Dimensions, seed: 1);

        public EmbeddingSet GalleryFeatures() => BenchmarkFeatures.Of(Gallery, Identities, Cameras, Dimensions, seed: 2);

        public override string ToString() => string.Create(
            CultureInfo.InvariantCulture, $"{Name}, {Queries:N0} × {Gallery:N0} × {Dimensions:N0}, {Identities:N0} identities, {Cameras} cameras");
    }
}
