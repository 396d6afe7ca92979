using ReidCloud.GpuRunner.Alignment;
using ReidCloud.GpuRunner.Evaluation;
using ReidCloud.Specs;
using TorchSharp;
using static TorchSharp.torch;

namespace ReidCloud.Tests.Golden;

/// <summary>Distances, and what makes others of them: re-ranking and query expansion.</summary>
internal static class RetrievalOps
{
    /// <summary>What a program calls a distance is the product's Euclidean one, or 1 − cosine, but for a square or a sign.</summary>
    public static IReadOnlyDictionary<string, GoldenTensor> Distance(GoldenCase given)
    {
        using var scope = NewDisposeScope();
        var (x, y, normalize) = (GoldenTensors.Of(given["x"]), GoldenTensors.Of(given["y"]), given.Flag("normalize"));
        var distance = (given.Text("program"), given.Text("metric")) switch
        {
            ("aligned_numpy", "euclidean") => Distances.Between(x, y, DistanceMetric.Euclidean, normalize),
            ("aligned_numpy", "cosine") => 1 - Distances.Between(x, y, DistanceMetric.Cosine),
            ("aligned_torch", "euclidean") => Euclidean.Between(Unit(x, normalize), Unit(y, normalize)),
            ("torchreid", "euclidean") => Distances.Between(Unit(x, normalize), Unit(y, normalize), DistanceMetric.Euclidean).to(float64).square(),
            ("torchreid", "cosine") => Distances.Between(x, y, DistanceMetric.Cosine),
            var other => throw new NotSupportedException($"no distance {other} is known"),
        };
        return new Dictionary<string, GoldenTensor> { ["dist"] = GoldenTensors.From(distance) };

        static Tensor Unit(Tensor features, bool normalize) => normalize ? nn.functional.normalize(features, dim: 1) : features;
    }

    public static IReadOnlyDictionary<string, GoldenTensor> Expand(GoldenCase given)
    {
        using var scope = NewDisposeScope();
        using var queries = Set(given["query"]);
        using var gallery = Set(given["gallery"]);
        var (expandedQueries, expandedGallery) = QueryExpansion.Of(
            queries, gallery, new QueryExpansionSpec(given.Int("k"), given.Int("times"), given.Number("alpha")), CancellationToken.None);
        using (expandedQueries)
        using (expandedGallery)
        {
            return new Dictionary<string, GoldenTensor>
            {
                ["query"] = GoldenTensors.From(expandedQueries.Embedding_ND),
                ["gallery"] = GoldenTensors.From(expandedGallery.Embedding_ND),
            };
        }
    }

    public static IReadOnlyDictionary<string, GoldenTensor> ReRank(GoldenCase given) => given.Text("variant") switch
    {
        "kreciprocal" => KReciprocal(given),
        "fastreid" => FastReid(given),
        var other => throw new NotSupportedException($"no re-ranking '{other}' is known"),
    };

    private static Dictionary<string, GoldenTensor> KReciprocal(GoldenCase given)
    {
        var plain = given["query_gallery"];
        var (queries, count) = ((int)plain.Shape[0], (int)(plain.Shape[0] + plain.Shape[1]));
        var all = new float[count, count];
        foreach (var (name, row, column) in new[] { ("query_query", 0, 0), ("query_gallery", 0, queries), ("gallery_gallery", queries, queries) })
        {
            var (values, width) = (given[name].F32, (int)given[name].Shape[1]);
            for (var i = 0; i < values.Length; i++)
            {
                var (r, c) = (row + (i / width), column + (i % width));
                all[r, c] = values[i];
                if (name == "query_gallery")
                {
                    all[c, r] = values[i];
                }
            }
        }

        float[] Row(int item) => [.. Enumerable.Range(0, count).Select(other => all[item, other])];
        var distances = new ItemDistances(
            count,
            _ => Enumerable.Range(0, count).Chunk(7).Select(rows => new DistanceTile(rows[0], rows.Length, rows.SelectMany(row => Row(row)[rows[0]..]).ToArray())),
            (one, other) => [.. one.Zip(other, (i, j) => all[i, j])]);
        var reRanking = ReRanking.Of(distances, queries, DistanceMetric.Euclidean, Spec(given), null, CancellationToken.None);
        return new() { ["dist"] = Applied(reRanking, plain.F32, plain.Shape) };
    }

    private static Dictionary<string, GoldenTensor> FastReid(GoldenCase given)
    {
        using var scope = NewDisposeScope();
        using var queries = Set(given["query"]);
        using var gallery = Set(given["gallery"]);
        using var all = queries.Followed(gallery);
        var metric = given.Text("metric") == "cosine" ? DistanceMetric.Cosine : DistanceMetric.Euclidean;
        var distance = new FeatureDistance(metric);
        var plain = DistanceTiles.Of(queries, gallery, distance, null, CancellationToken.None).Single().Distances_QG.ToArray();
        using var features = new ComparableFeatures(all, distance);
        var spec = Spec(given) with { Form = ReRankingForm.FastReid };
        ReRanking Of(ReRankingSpec asked) => ReRanking.Of(ItemDistances.Of(features), queries.Sightings.Length, metric, asked, null, CancellationToken.None);
        long[] shape = [queries.Sightings.Length, gallery.Sightings.Length];
        return new()
        {
            ["plain"] = GoldenTensor.Of(metric == DistanceMetric.Cosine ? plain : Array.ConvertAll(plain, value => value * value), shape),
            ["jaccard"] = Applied(Of(spec with { Lambda = 0 }), plain, shape),
            ["dist"] = Applied(Of(spec), plain, shape),
        };
    }

    private static ReRankingSpec Spec(GoldenCase given) => new(given.Int("k1"), given.Int("k2"), given.Number("lambda"));

    private static GoldenTensor Applied(ReRanking reRanking, float[] plain_QG, long[] shape)
    {
        var (result, gallery) = (plain_QG.ToArray(), (int)shape[1]);
        for (var query = 0; query < shape[0]; query++)
        {
            reRanking.Apply(query, result.AsSpan(query * gallery, gallery));
        }

        return GoldenTensor.Of(result, shape);
    }

    private static EmbeddingSet Set(GoldenTensor features) => new(GoldenTensors.Of(features), [.. new Sighting[features.Shape[0]]]);
}
