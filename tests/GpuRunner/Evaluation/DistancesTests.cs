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

    /// <summary>Copies, near copies of them, strangers, all far from the origin; of numbers that fill no whole vector.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Are_those_of_double_precision_where_little_is_left_of_large_numbers(bool normalize)
    {
        using var scope = torch.NewDisposeScope();
        const int Items = 40, Numbers = 259;
        var random = Seeding.Stream(6, "test");
        double[] mean = [.. Enumerable.Range(0, Numbers).Select(_ => 300 * random.NextDouble(-1, 1))];
        var items = new float[Items][];
        for (var item = 0; item < Items; item++)
        {
            var like = item % 4 == 0 ? null : items[item - 1];
            var noise = new[] { 1, 0, 1e-4, 1e-2 }[item % 4];
            items[item] = [.. mean.Select((number, i) => (float)((like?[i] ?? number) + (noise * random.NextGaussian())))];
        }

        var all = torch.tensor(items.SelectMany(item => item).ToArray(), [Items, Numbers]);
        var actual = Distances.Between(all, all, DistanceMetric.Euclidean, normalize).data<float>().ToArray();

        for (var pair = 0; pair < actual.Length; pair++)
        {
            var (x, y) = (items[pair / Items], items[pair % Items]);
            var (scale, otherScale) = normalize ? (1 / (Length(x) + Distances.LengthFloor), 1 / (Length(y) + Distances.LengthFloor)) : (1, 1);
            var expected = Math.Sqrt(x.Zip(y, (i, j) => Math.Pow((i * scale) - (j * otherScale), 2)).Sum());
            Assert.InRange(actual[pair], expected * (1 - 1e-5), expected * (1 + 1e-5));
        }
    }

    /// <summary>Whole numbers around a whole mean, so that no product rounds, whoever computes it.</summary>
    [Fact]
    public void Tiles_do_not_change_a_bit_of_a_distance()
    {
        using var scope = torch.NewDisposeScope();
        var random = Seeding.Stream(7, "test");
        float[] Whole(int count) => [.. Enumerable.Range(0, count * Dimensions).Select(_ => (float)(random.NextInt(17) - 8))];
        var half = Whole(30);
        using var queries = new EmbeddingSet(Rows(Whole(23)), new Sighting[23]);
        using var gallery = new EmbeddingSet(Rows([.. half, .. half.Select(number => 6 - number), .. half[..Dimensions], .. half[..Dimensions].Select(number => 6 - number)]), new Sighting[62]);
        var distance = new FeatureDistance(DistanceMetric.Euclidean);
        float[] Read(int room, int from, int begin = 0, int end = 23)
        {
            using var asked = new ComparableFeatures(queries, distance);
            using var searched = new ComparableFeatures(gallery, distance);
            return [.. DistanceTiles.Of(asked, begin, end, searched, from, room, CancellationToken.None).SelectMany(tile => tile.Distances_QG.ToArray())];
        }

        var whole = Read(1 << 20, 0);

        Assert.Contains(whole, value => value > 0);
        foreach (var room in new[] { 1, 62, 3 * 62, (5 * 62) + 1 })
        {
            Assert.Equal(whole, Read(room, 0));
            Assert.Equal(whole.Chunk(62).SelectMany(row => row[37..]), Read(room, 37));
            Assert.Equal(whole[(8 * 62)..(15 * 62)], Read(room, 0, 8, 15));
        }

        using var features = new ComparableFeatures(gallery, distance);
        var all = new float[62 * 62];
        features.To(0, 62, features, 0, all);
        foreach (var room in new[] { 1, 100, 1000, 1 << 20 })
        {
            var read = 0;
            foreach (var tile in DistanceTiles.Among(features, room, CancellationToken.None))
            {
                for (var row = 0; row < tile.Count; row++, read++)
                {
                    Assert.Equal(all[((read * 62) + tile.First)..((read + 1) * 62)], tile.Row(row).ToArray());
                }
            }

            Assert.Equal(62, read);
        }
    }

    /// <summary>Whatever their mean is.</summary>
    [Fact]
    public void Of_features_of_few_digits_what_is_equally_far_stays_so()
    {
        using var scope = torch.NewDisposeScope();
        var random = Seeding.Stream(9, "test");
        for (var trial = 0; trial < 20; trial++)
        {
            float[] Few(int count) => [.. Enumerable.Range(0, count * Dimensions).Select(_ => 100 + (random.NextInt(6) / 4f))];
            var (x, y) = (Few(9), Few(31));

            var actual = Distances.Between(Rows(x), Rows(y), DistanceMetric.Euclidean).data<float>().ToArray();

            Assert.Equal(
                Enumerable.Range(0, actual.Length).Select(pair => MathF.Sqrt(Row(x, pair / 31).Zip(Row(y, pair % 31), (i, j) => (i - j) * (i - j)).Sum())), actual);
        }
    }

    [Theory]
    [InlineData(DistanceMetric.Cosine)]
    [InlineData(DistanceMetric.Euclidean)]
    public void There_may_be_nothing_to_search_for_or_in(DistanceMetric metric)
    {
        using var scope = torch.NewDisposeScope();
        using var none = new EmbeddingSet(torch.zeros([0, Dimensions]), []);
        using var some = new EmbeddingSet(Rows(Numbers(8, 3)), new Sighting[3]);

        Assert.Empty(DistanceTiles.Of(none, some, new FeatureDistance(metric), null, CancellationToken.None));
        Assert.Equal([(0, 3, 0)], DistanceTiles.Of(some, none, new FeatureDistance(metric), null, CancellationToken.None).Select(tile => (tile.First, tile.Count, tile.Width)));
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
                Ranking.RankAll(tile.Distances_QG, queries.Sightings.AsMemory(tile.First, tile.Count), new GalleryIndex(gallery.Sightings), RetrievalProtocol.CrossCamera)),
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
