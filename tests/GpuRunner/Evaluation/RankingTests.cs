using ReidCloud.Datasets;
using ReidCloud.GpuRunner.Evaluation;
using ReidCloud.Specs;

namespace ReidCloud.Tests.GpuRunner.Evaluation;

public sealed class RankingTests
{
    private static readonly Sighting Query = new(Identity: 7, Camera: 1);

    [Fact]
    public void Junk_does_not_count_and_a_match_needs_another_camera()
    {
        var ranks = Ranking.Rank([0.1f, 0.2f, 0.3f, 0.4f], Query, new([new(7, 1), new(8, 1), new(7, 2), new(7, 1)]), RetrievalProtocol.CrossCamera);

        Assert.Equal([1], ranks.Matches);
        Assert.Equal(1, ranks.Nearest);
    }

    [Fact]
    public void Of_equal_distances_the_lower_gallery_index_comes_first()
    {
        Assert.Equal([1, 3], Ranking.Rank([0.5f, 0.5f, 0.5f, 0.5f], Query, new([new(8, 2), new(7, 2), new(9, 1), new(7, 3)]), RetrievalProtocol.CrossCamera).Matches);
    }

    [Fact]
    public void A_distractor_never_matches_even_a_query_that_is_nobody()
    {
        var nobody = new Sighting(Tracklet.Distractor, 1);

        Assert.False(Ranking.Rank([0.5f], nobody, new([new(Tracklet.Distractor, 2)]), RetrievalProtocol.CrossCamera).HasMatch);
    }

    [Fact]
    public void An_empty_gallery_has_neither_match_nor_nearest()
    {
        var ranks = Ranking.Rank([], Query, new([]), RetrievalProtocol.CrossCamera);

        Assert.False(ranks.HasMatch);
        Assert.Equal(-1, ranks.Nearest);
    }

    /// <summary>The two worked examples of the VKD specification, §7.3.</summary>
    [Fact]
    public void Trapezoidal_precision_differs_from_the_standard_one()
    {
        var three = new QueryRanks(0, [0, 2, 5]);
        var one = new QueryRanks(0, [1]);

        Assert.Equal(0.677778, three.TrapezoidalPrecision(), 6);
        Assert.Equal(0.722222, three.StandardPrecision(), 6);
        Assert.Equal(0.25, one.TrapezoidalPrecision());
        Assert.Equal(0.5, one.StandardPrecision());
        Assert.Equal(0.5, three.InverseNegativePenalty());
    }

    [Fact]
    public void Counting_agrees_with_a_stable_sort_on_random_small_cases()
    {
        var random = new Random(20);
        for (var trial = 0; trial < 4000; trial++)
        {
            var gallery = Sightings(random, random.Next(0, trial % 100 == 0 ? 300 : 30));
            var queries = Sightings(random, random.Next(1, 6));
            var distances = new float[queries.Length * gallery.Length];
            var levels = random.Next(1, trial % 7 == 0 ? 300 : 12);
            for (var pair = 0; pair < distances.Length; pair++)
            {
                distances[pair] = random.Next(levels) / 4f;
            }

            var ranked = Ranking.RankAll(distances, queries, new GalleryIndex(gallery), RetrievalProtocol.CrossCamera);
            var figures = new RetrievalFigures(gallery.Length);
            foreach (var ranks in ranked)
            {
                figures.Add(ranks);
            }

            var actual = figures.Of(RetrievalSetting.VideoToVideo, seed: 1);
            var expected = SortingOracle.Measure(distances, queries, gallery);
            for (var query = 0; query < queries.Length; query++)
            {
                Assert.Equal(expected.Ranks[query], ranked[query].Matches);
                Assert.Equal(expected.Nearest[query], ranked[query].Nearest);
            }

            Assert.Equal(queries.Length, actual.Queries);
            Assert.Equal(expected.WithMatch, actual.QueriesWithMatch);
            Assert.Equal(expected.Trapezoidal, actual.MapTrapezoidal, 12);
            Assert.Equal(expected.Standard, actual.MapStandard, 12);
            Assert.Equal(expected.Minp, actual.Minp, 12);
            Assert.Equal(expected.Cmc.Length, actual.Cmc.Count);
            for (var rank = 0; rank < expected.Cmc.Length; rank++)
            {
                Assert.Equal(expected.Cmc[rank], actual.Cmc[rank], 12);
            }
        }
    }

    [Fact]
    public void Figures_without_a_single_match_are_zero_and_say_so()
    {
        var figures = new RetrievalFigures(gallery: 3);
        figures.Add(new QueryRanks(0, []));

        var metrics = figures.Of(RetrievalSetting.ImageToVideo, seed: 1);

        Assert.Equal((1, 0, 0.0, 0.0), (metrics.Queries, metrics.QueriesWithMatch, metrics.Rank1, metrics.MapTrapezoidal));
    }

    private static Sighting[] Sightings(Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => new Sighting(random.Next(-1, 4), random.Next(3)))];
}
