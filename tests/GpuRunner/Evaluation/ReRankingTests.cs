using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Evaluation;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;
using static TorchSharp.torch;

namespace ReidCloud.Tests.GpuRunner.Evaluation;

public sealed class ReRankingTests : TorchTests
{
    private const double Tolerance = 1e-5;

    /// <summary>Few different distances, so that neighbors tie; of any size, with no queries or no gallery, and fewer items than neighbors.</summary>
    [Fact]
    public void Sparse_sets_come_to_what_the_dense_algorithm_does()
    {
        var random = Seeding.Stream(1, "test");
        for (var trial = 0; trial < 2500; trial++)
        {
            var count = random.NextInt(28);
            var queries = random.NextInt(Math.Min(6, count + 1));
            var (all, spec, levels) = (new float[count, count], Spec(random), random.NextBool(0.5) ? 6 : 1000);
            for (var i = 0; i < count; i++)
            {
                for (var j = 0; j <= i; j++)
                {
                    // As local distances are not 0 from an image to itself.
                    all[i, j] = all[j, i] = i == j ? random.NextInt(2) * 0.2f : random.NextInt(levels) / (float)levels * 3;
                }
            }

            var metric = random.NextBool(0.5) ? DistanceMetric.Cosine : DistanceMetric.Euclidean;
            var reRanking = ReRanking.Of(Matrix(all), queries, metric, spec, null, CancellationToken.None);

            Equal(DenseReRanking.Of(all, queries, metric, spec), Applied(reRanking, all, queries));
        }
    }

    [Theory]
    [InlineData(DistanceMetric.Cosine, RetrievalDistance.Global)]
    [InlineData(DistanceMetric.Euclidean, RetrievalDistance.Global)]
    [InlineData(DistanceMetric.Euclidean, RetrievalDistance.Local)]
    [InlineData(DistanceMetric.Euclidean, RetrievalDistance.Combined)]
    public void Distances_of_features_are_re_ranked_without_their_matrix(DistanceMetric metric, RetrievalDistance distance)
    {
        var random = Seeding.Stream(2, "test");
        for (var trial = 0; trial < 15; trial++)
        {
            using var scope = NewDisposeScope();
            var (queries, gallery) = (1 + random.NextInt(8), random.NextInt(40));
            var count = queries + gallery;
            using var set = EmbeddingSets.Random(random, count);
            using var features = new ComparableFeatures(set, new FeatureDistance(metric, false, distance));
            var (rows, all) = (new float[count * count], new float[count, count]);
            features.To(0, count, features, 0, rows);
            Buffer.BlockCopy(rows, 0, all, 0, rows.Length * sizeof(float));
            var spec = Spec(random);

            var reRanking = ReRanking.Of(ItemDistances.Of(features, distancesPerTile: 3 * count), queries, metric, spec, null, CancellationToken.None);

            Equal(DenseReRanking.Of(all, queries, metric, spec), Applied(reRanking, all, queries));
        }
    }

    /// <summary>Those that were kept as they went by, and those that are computed again.</summary>
    [Theory]
    [InlineData(RetrievalDistance.Global)]
    [InlineData(RetrievalDistance.Combined)]
    public void Tiles_are_read_as_often_as_one_likes_however_many_distances_there_is_room_for(RetrievalDistance distance)
    {
        const int Queries = 9;
        const int Gallery = 31;
        const int Count = Queries + Gallery;
        using var scope = NewDisposeScope();
        using var set = EmbeddingSets.Random(Seeding.Stream(4, "test"), Count);
        using var features = new ComparableFeatures(set, new FeatureDistance(DistanceMetric.Euclidean, false, distance));
        var (rows, all, spec) = (new float[Count * Count], new float[Count, Count], new ReRankingSpec(6, 3));
        features.To(0, Count, features, 0, rows);
        Buffer.BlockCopy(rows, 0, all, 0, rows.Length * sizeof(float));
        var expected = DenseReRanking.Of(all, Queries, DistanceMetric.Euclidean, spec);
        foreach (var room in new[] { 0, Gallery - 1, Gallery, (4 * Gallery) + 1, Queries * Gallery, 1 << 20 })
        {
            var items = ItemDistances.Of(features, distancesPerTile: 2 * Count);

            var reRanking = ReRanking.Of(items, Queries, DistanceMetric.Euclidean, spec, null, CancellationToken.None, room);

            for (var reading = 0; reading < 2; reading++)
            {
                Equal(expected, [.. reRanking.Tiles(features, CancellationToken.None).SelectMany(tile => tile.Distances_QG.ToArray()).Select(value => (double)value)]);
            }
        }
    }

    /// <summary>AlignedReID's spec §15.</summary>
    [Theory]
    [InlineData(3, 2, 0.3, new[] { .802646, .958079, 1, .879834, .446594, .243206, .023425, .000615, .536042, .659301, .767908, .948655, 1, .908732, .540362, .004837, .160593, .523406, .889194, 1, .972239 })]
    [InlineData(4, 1, 0.0, new[] { 1, 1, 1, 1, .690441, .397913, .353218, .280983, .332154, .581178, 1, 1, 1, 1, .170541, .035364, .332401, .882250, 1, 1, 1 })]
    public void The_written_examples_come_out(int k1, int k2, double lambda, double[] expected)
    {
        double[][] items =
        [
            .. Enumerable.Range(1, 3).Select(i => Enumerable.Range(1, 4).Select(k => Math.Sin((1.1 * i) + (0.6 * k))).ToArray()),
            .. Enumerable.Range(1, 7).Select(i => Enumerable.Range(1, 4).Select(k => Math.Cos((0.8 * i) + (0.5 * k))).ToArray()),
        ];
        var all = new float[items.Length, items.Length];
        for (var i = 0; i < items.Length; i++)
        {
            for (var j = 0; j < items.Length; j++)
            {
                all[i, j] = (float)Math.Sqrt(items[i].Zip(items[j], (one, other) => (one - other) * (one - other)).Sum());
            }
        }

        var reRanking = ReRanking.Of(Matrix(all), 3, DistanceMetric.Euclidean, new ReRankingSpec(k1, k2, lambda), null, CancellationToken.None);

        Equal(expected, Applied(reRanking, all, 3));
    }

    /// <summary>Without a gap between floats there is no more than what a row of whole neighbors needs: nothing grows with the square of the items.</summary>
    [Fact]
    public void Reads_each_pair_once_and_asks_only_for_pairs_that_the_expansion_adds()
    {
        var random = Seeding.Stream(3, "test");
        using var scope = NewDisposeScope();
        using var set = EmbeddingSets.Random(random, 300);
        using var features = new ComparableFeatures(set, new FeatureDistance(DistanceMetric.Euclidean));
        var (plain, read, pairs) = (ItemDistances.Of(features, 900), 0, 0);
        var counted = new ItemDistances(
            300,
            stop => plain.Onward(stop).Select(tile => { read += tile.Distances_QG.Length; return tile; }),
            (one, other) => { pairs += one.Length; return plain.Pairs(one, other); });

        ReRanking.Of(counted, 20, DistanceMetric.Euclidean, new ReRankingSpec(10, 4), null, CancellationToken.None);

        // Each item with itself; and within a tile of up to 25 rows, a pair twice.
        Assert.InRange(read, 300 * 301 / 2, (300 * 301 / 2) + (300 * 25 / 2));
        Assert.InRange(pairs, 1, 300 * 10);
    }

    private static ReRankingSpec Spec(RandomStream random)
    {
        var k1 = 1 + random.NextInt(12);
        return new ReRankingSpec(k1, 1 + random.NextInt(k1), new[] { 0, 0.3, 0.9 }[random.NextInt(3)]) { Form = Enum.GetValues<ReRankingForm>()[random.NextInt(2)] };
    }

    private static ItemDistances Matrix(float[,] all)
    {
        var count = all.GetLength(0);
        return new ItemDistances(
            count,
            _ => Enumerable.Range(0, count).Chunk(5).Select(rows => new DistanceTile(
                rows[0], rows.Length, rows.SelectMany(row => Enumerable.Range(rows[0], count - rows[0]).Select(column => all[row, column])).ToArray())),
            (one, other) => [.. one.Zip(other, (i, j) => all[i, j])]);
    }

    private static double[] Applied(ReRanking reRanking, float[,] all, int queries)
    {
        var gallery = all.GetLength(0) - queries;
        return
        [
            .. Enumerable.Range(0, queries).SelectMany(query =>
            {
                float[] distances = [.. Enumerable.Range(queries, gallery).Select(item => all[query, item])];
                reRanking.Apply(query, distances);
                return distances.Select(distance => (double)distance);
            }),
        ];
    }

    private static void Equal(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, Tolerance));
    }
}
