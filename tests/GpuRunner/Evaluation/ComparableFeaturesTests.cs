using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Evaluation;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;
using static TorchSharp.torch;

namespace ReidCloud.Tests.GpuRunner.Evaluation;

/// <summary>What is done to features before they are ranked, against the slow way.</summary>
public sealed class ComparableFeaturesTests : TorchTests
{
    /// <summary>The local distance by trying every way.</summary>
    [Theory]
    [InlineData(DistanceMetric.Cosine, false)]
    [InlineData(DistanceMetric.Euclidean, false)]
    [InlineData(DistanceMetric.Euclidean, true)]
    public void Global_local_and_combined_distances_are_those_of_their_definitions(DistanceMetric metric, bool normalize)
    {
        using var scope = NewDisposeScope();
        var random = Seeding.Stream(1, "test");
        using var queries = EmbeddingSets.Random(random, 4);
        using var gallery = EmbeddingSets.Random(random, 9);
        var global = Between(new FeatureDistance(metric, normalize), queries, gallery);
        var local = Between(new FeatureDistance(metric, normalize, RetrievalDistance.Local), queries, gallery);
        var combined = Between(new FeatureDistance(metric, normalize, RetrievalDistance.Combined), queries, gallery);

        var (q, g) = (queries.Local_NHC!.data<float>().ToArray(), gallery.Local_NHC!.data<float>().ToArray());
        for (var at = 0; at < local.Length; at++)
        {
            var expected = Slow(Stripes(q, at / 9), Stripes(g, at % 9));
            Assert.Equal(expected, local[at], 1e-6);
            Assert.Equal(global[at] + expected, combined[at], 1e-6);
        }

        double[][] Stripes(float[] all, int item) => [.. all[(item * 12)..((item + 1) * 12)].Chunk(EmbeddingSets.Channels).Select(stripe =>
        {
            var length = Math.Sqrt(stripe.Sum(value => (double)value * value)) + Math.Pow(2, -23);
            return Array.ConvertAll(stripe, value => normalize || metric == DistanceMetric.Cosine ? value / length : value);
        })];

        double Slow(double[][] x, double[][] y, int i = 0, int j = 0)
        {
            var cell = Math.Tanh(Math.Sqrt(x[i].Zip(y[j], (one, other) => (one - other) * (one - other)).Sum()) / 2);
            double[] onward = [.. i + 1 < x.Length ? [Slow(x, y, i + 1, j)] : Array.Empty<double>(), .. j + 1 < y.Length ? [Slow(x, y, i, j + 1)] : Array.Empty<double>()];
            return cell + (onward.Length == 0 ? 0 : onward.Min());
        }
    }

    [Theory]
    [InlineData(DistanceMetric.Cosine)]
    [InlineData(DistanceMetric.Euclidean)]
    public void Pairs_have_the_distances_of_the_rows(DistanceMetric metric)
    {
        using var scope = NewDisposeScope();
        var random = Seeding.Stream(2, "test");
        using var queries = EmbeddingSets.Random(random, 5);
        using var gallery = EmbeddingSets.Random(random, 70);
        foreach (var features in Enum.GetValues<RetrievalDistance>())
        {
            using var one = new ComparableFeatures(queries, new FeatureDistance(metric, false, features));
            using var other = new ComparableFeatures(gallery, new FeatureDistance(metric, false, features));
            var rows = new float[350];
            one.To(0, 5, other, 0, rows);

            int[] places = [.. Enumerable.Range(0, 350).Select(at => at / 70)], others = [.. Enumerable.Range(0, 350).Select(at => at % 70)];
            Assert.All(rows.Zip(one.OfPairs(places, other, others)), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        }
    }

    [Fact]
    public void Features_without_stripes_cannot_be_compared_by_them()
    {
        using var scope = NewDisposeScope();
        using var set = EmbeddingSets.Random(Seeding.Stream(3, "test"), 2);
        using var without = set with { Local_NHC = null };

        Assert.Throws<ArgumentException>(() => new ComparableFeatures(without, new FeatureDistance(DistanceMetric.Cosine, false, RetrievalDistance.Local)));
    }

    [Theory]
    [InlineData(MultiQueryPooling.Average)]
    [InlineData(MultiQueryPooling.Max)]
    public void Several_images_become_one_query(MultiQueryPooling pooling)
    {
        using var scope = NewDisposeScope();
        var random = Seeding.Stream(4, "test");
        using var queries = EmbeddingSets.Random(random, 12);
        using var further = EmbeddingSets.Random(random, 30);

        using var pooled = MultiQueries.Of(queries, further, pooling);

        foreach (var (whole, single, others) in new[]
        {
            (pooled.Embedding_ND, queries.Embedding_ND, further.Embedding_ND), (pooled.Local_NHC!.flatten(1), queries.Local_NHC!.flatten(1), further.Local_NHC!.flatten(1)),
        })
        {
            for (var query = 0; query < 12; query++)
            {
                var same = Enumerable.Range(0, 30).Where(image => further.Sightings[image] == queries.Sightings[query]).Select(image => others[image]);
                var all = stack([single[query], .. same]);
                var expected = pooling == MultiQueryPooling.Average ? all.mean([0]) : all.amax(0);
                Assert.True((expected - whole[query]).abs().max().item<float>() < 1e-6);
            }
        }

        Assert.Equal(queries.Sightings, pooled.Sightings);
    }

    [Fact]
    public void Expanded_features_are_means_over_their_neighbors()
    {
        using var scope = NewDisposeScope();
        var random = Seeding.Stream(5, "test");
        for (var trial = 0; trial < 60; trial++)
        {
            using var queries = EmbeddingSets.Random(random, random.NextInt(5));
            using var gallery = EmbeddingSets.Random(random, 1 + random.NextInt(14));
            var spec = new QueryExpansionSpec(2 + random.NextInt(6), 1 + random.NextInt(2), random.NextInt(4));

            var (expandedQueries, expandedGallery) = QueryExpansion.Of(queries, gallery, spec, CancellationToken.None);

            double[][] expected = [.. cat([queries.Embedding_ND, gallery.Embedding_ND]).data<float>().ToArray().Chunk(EmbeddingSets.Dimensions).Select(row => Array.ConvertAll(row, value => (double)value))];
            for (var time = 0; time < spec.Times; time++)
            {
                expected = Expanded(expected, spec);
            }

            var actual = cat([expandedQueries.Embedding_ND, expandedGallery.Embedding_ND]).data<float>().ToArray();
            Assert.All(expected.SelectMany(row => row).Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-5 * (1 + Math.Abs(pair.First))));
            expandedQueries.Dispose();
            expandedGallery.Dispose();
        }

        static double[][] Expanded(double[][] rows, QueryExpansionSpec spec) => Array.ConvertAll(rows, row =>
        {
            var near = rows.Select(other => (other, Similarity: Cosine(row, other))).OrderByDescending(pair => pair.Similarity).Take(spec.Neighbors).ToList();
            return Enumerable.Range(0, row.Length).Select(number => near.Average(pair => pair.other[number] * Math.Pow(Math.Max(0, pair.Similarity), spec.Power))).ToArray();
        });

        static double Cosine(double[] x, double[] y) => x.Zip(y, (a, b) => a * b).Sum() / Math.Sqrt(x.Sum(a => a * a) * y.Sum(b => b * b));
    }

    private static float[] Between(FeatureDistance distance, EmbeddingSet queries, EmbeddingSet gallery) =>
        [.. DistanceTiles.Of(queries, gallery, distance, 20, CancellationToken.None).SelectMany(tile => tile.Distances_QG.ToArray())];
}
