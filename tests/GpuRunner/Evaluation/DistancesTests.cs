using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Evaluation;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;
using TorchSharp;

namespace ReidCloud.Tests.GpuRunner.Evaluation;

[Collection(TorchCollection.Name)]
public sealed class DistancesTests
{
    private const int Queries = 7;
    private const int Gallery = 11;
    private const int Dimensions = 33;

    [Theory]
    [InlineData(DistanceMetric.Cosine)]
    [InlineData(DistanceMetric.Euclidean)]
    public void Equal_the_textbook_in_double_precision(DistanceMetric metric)
    {
        using var scope = torch.NewDisposeScope();
        var (x, y) = (Numbers(1, Queries), Numbers(2, Gallery));

        var actual = Distances.Between(Rows(x), Rows(y), metric).data<float>().ToArray();

        for (var q = 0; q < Queries; q++)
        {
            for (var g = 0; g < Gallery; g++)
            {
                var (a, b) = (Row(x, q), Row(y, g));
                var expected = metric == DistanceMetric.Cosine
                    ? 1 - (a.Zip(b, (i, j) => (double)i * j).Sum() / Length(a) / Length(b))
                    : Math.Sqrt(a.Zip(b, (i, j) => Math.Pow((double)i - j, 2)).Sum());
                Assert.Equal(expected, actual[(q * Gallery) + g], 1e-5);
            }
        }
    }

    [Fact]
    public void Near_neighbors_far_from_the_origin_keep_their_euclidean_distance()
    {
        using var scope = torch.NewDisposeScope();
        var x = torch.full([1, 64], 100f);
        var y = x + 0.001f;

        Assert.Equal(0.008, Distances.Between(x, y, DistanceMetric.Euclidean).item<float>(), 1e-4);
    }

    [Fact]
    public void An_embedding_of_length_zero_has_a_distance()
    {
        using var scope = torch.NewDisposeScope();

        Assert.Equal(1, Distances.Between(torch.zeros([1, 4]), torch.ones([1, 4]), DistanceMetric.Cosine).item<float>());
    }

    [Fact]
    public void Tiles_do_not_change_the_ranking()
    {
        using var scope = torch.NewDisposeScope();
        var random = Seeding.Stream(3, "test");
        Sighting[] Sightings(int count) => [.. Enumerable.Range(0, count).Select(_ => new Sighting(random.NextInt(4), random.NextInt(3)))];
        using var queries = new EmbeddingSet(Rows(Numbers(4, Queries)), Sightings(Queries));
        using var gallery = new EmbeddingSet(Rows(Numbers(5, Gallery)), Sightings(Gallery));

        var whole = Ranks(1 << 20);
        var tiled = Ranks(2 * Gallery);

        List<QueryRanks> Ranks(int distancesPerTile) =>
        [
            .. SearchedRows.Of(queries, gallery, new FeatureDistance(DistanceMetric.Cosine), distancesPerTile).Read(CancellationToken.None).SelectMany(tile =>
                Ranking.RankAll(tile.Distances_QG, queries.Sightings.AsMemory(tile.First, tile.Count), gallery.Sightings, RetrievalProtocol.CrossCamera)),
        ];

        Assert.Equal(Queries, tiled.Count);
        Assert.Equal(whole.Select(ranks => (ranks.Nearest, string.Join(',', ranks.Matches))), tiled.Select(ranks => (ranks.Nearest, string.Join(',', ranks.Matches))));
    }

    private static torch.Tensor Rows(float[] numbers) => torch.tensor(numbers, [numbers.Length / Dimensions, Dimensions]);

    private static float[] Row(float[] numbers, int row) => numbers[(row * Dimensions)..((row + 1) * Dimensions)];

    private static double Length(float[] row) => Math.Sqrt(row.Sum(value => (double)value * value));

    private static float[] Numbers(long seed, int rows)
    {
        var random = Seeding.Stream(seed, "test");
        return [.. Enumerable.Range(0, rows * Dimensions).Select(_ => (float)random.NextDouble(-1, 1))];
    }
}
