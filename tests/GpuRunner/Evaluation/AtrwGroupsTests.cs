using ReidCloud.GpuRunner.Evaluation;
using ReidCloud.Reports;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;
using static TorchSharp.torch;

namespace ReidCloud.Tests.GpuRunner.Evaluation;

public sealed class AtrwGroupsTests : TorchTests
{
    /// <summary>
    /// Entity 0 in camera 0 at 10, 12 and 20; entity 1 in cameras 0 and 1. Distances of the queries to all five images, by hand:
    /// <list type="bullet">
    /// <item>image 0: itself and image 1 (2 apart) are junk; left are 3, 2, 4, of which 2 is right: rank 2, precision 1/2.</item>
    /// <item>image 1: junk 0 and itself; left 2, 3, 4: rank 1, precision 1.</item>
    /// <item>image 2: junk itself; left 3, 0, 4, 1: ranks 2 and 4, precision (1/2 + 2/4) / 2 = 1/2.</item>
    /// <item>image 3 (camera 0): left 4, …: rank 1, precision 1. Image 4: left 0, 1, 2, 3: rank 4, precision 1/4.</item>
    /// </list>
    /// </summary>
    [Fact]
    public void An_example_by_hand()
    {
        Sighting[] images = [new(0, 0, 10), new(0, 0, 12), new(0, 0, 20), new(1, 0, 10), new(1, 1, 10)];
        float[][] distances =
        [
            [0, 1, 3, 2, 4],
            [1, 0, 2, 3, 4],
            [2, 4, 0, 1, 3],
            [2, 3, 4, 0, 1],
            [1, 2, 3, 4, 0],
        ];

        var (metrics, groups) = Measure(images, [.. distances.SelectMany(row => row)]);

        Assert.Equal([new QueryGroup("single-camera", 3, 1 / 3.0, 1, 2 / 3.0), new QueryGroup("cross-camera", 2, 0.5, 1, 0.625)], groups.Figures);
        Assert.Equal(((2 / 3.0) + 0.625) / 2, groups.MeanMap!.Value, 12);
        Assert.Equal((5, 5, 3.25 / 5), (metrics.Queries, metrics.QueriesWithMatch, metrics.MapStandard));
    }

    [Fact]
    public void Agrees_with_the_official_scorers_rules_on_random_small_cases()
    {
        var random = new Random(7);
        var withoutMatch = 0;
        for (var trial = 0; trial < 3000; trial++)
        {
            var images = Enumerable.Range(0, random.Next(1, 16))
                .Select(_ => random.Next(5)).Select(entity => new Sighting(entity, entity < 2 ? 0 : random.Next(3), random.Next(10))).ToArray();
            var levels = random.Next(1, 10);
            var distances = Enumerable.Range(0, images.Length * images.Length).Select(_ => random.Next(levels) / 4f).ToArray();

            var (metrics, groups) = Measure(images, distances);

            var expected = Scorer(images, distances);
            Assert.Equal(expected.Select(group => (group.Name, group.Queries)), groups.Figures.Select(group => (group.Name, group.Queries)));
            Assert.All(expected.Zip(groups.Figures), pair =>
            {
                Assert.Equal(pair.First.MapStandard, pair.Second.MapStandard, 12);
                Assert.Equal((pair.First.Rank1, pair.First.Rank5), (pair.Second.Rank1, pair.Second.Rank5));
            });
            Assert.Equal(expected.Count == 2, groups.MeanMap is not null);
            withoutMatch += metrics.Queries - metrics.QueriesWithMatch;
        }

        Assert.True(withoutMatch > 1000);
    }

    [Fact]
    public void Measuring_gives_the_groups_with_the_figures()
    {
        var image_ND = tensor(new float[] { 1, 0, 1, 0.1f, 0, 1, 0.1f, 1 }, [4, 2]);
        using var images = new EmbeddingSet(image_ND, [new Sighting(3, 0, 1), new Sighting(3, 1, 1), new Sighting(5, 0, 1), new Sighting(5, 0, 9)]);

        var metrics = Measure(images, images, RetrievalProtocol.Atrw).Metrics;
        var acrossCameras = Measure(images, images, RetrievalProtocol.CrossCamera).Metrics;

        Assert.Equal(["single-camera", "cross-camera"], metrics.Groups.Select(group => group.Name));
        Assert.Equal((1.0, 4, 4), (metrics.MeanGroupMap!.Value, metrics.QueriesWithMatch, metrics.Gallery));
        Assert.Equal((0, null, 2), (acrossCameras.Groups.Count, acrossCameras.MeanGroupMap, acrossCameras.QueriesWithMatch));
    }

    [Theory]
    [InlineData(RetrievalProtocol.CrossCamera)]
    [InlineData(RetrievalProtocol.Atrw)]
    public void Nothing_to_search_for_and_nothing_to_search_in_give_zeros(RetrievalProtocol protocol)
    {
        using var none = new EmbeddingSet(zeros([0, 2]), []);
        using var one = new EmbeddingSet(ones([1, 2]), [new Sighting(0, 0, 0)]);

        foreach (var (queries, gallery) in new[] { (none, none), (none, one), (one, none), (one, one) })
        {
            var metrics = Measure(queries, gallery, protocol).Metrics;

            Assert.Equal((queries.Sightings.Length, 0, gallery.Sightings.Length), (metrics.Queries, metrics.QueriesWithMatch, metrics.Gallery));
            Assert.All([metrics.Rank1, metrics.Rank10, metrics.MapStandard, metrics.MapTrapezoidal, metrics.Minp, .. metrics.Cmc], figure => Assert.Equal(0, figure));
            Assert.All(metrics.Groups, group => Assert.Equal((1, 0.0, 0.0), (group.Queries, group.MapStandard, group.Rank5)));
        }
    }

    private static SettingFigures Measure(EmbeddingSet queries, EmbeddingSet gallery, RetrievalProtocol protocol)
    {
        var spec = new EvaluationSpec { Protocol = protocol };
        return new Retrieval(spec, seed: 1).Measure(RetrievalSetting.ImageToImage, new RetrievalVariant(), SearchedRows.Of(queries, gallery, FeatureDistance.Of(spec)));
    }

    private static (SettingMetrics Metrics, AtrwGroups Groups) Measure(Sighting[] images, float[] distances)
    {
        var figures = new RetrievalFigures(images.Length);
        var groups = new AtrwGroups(images);
        foreach (var (query, ranks) in Ranking.RankAll(distances, images, new GalleryIndex(images), RetrievalProtocol.Atrw).Index())
        {
            figures.Add(ranks);
            groups.Add(images[query], ranks);
        }

        return (figures.Of(RetrievalSetting.ImageToImage, seed: 1), groups);
    }

    /// <summary>The slow way of the published scorer: everything scored by 1 / rank, the ignored by 0, and then scikit-learn's average precision.</summary>
    private static List<QueryGroup> Scorer(Sighting[] images, float[] distances)
    {
        var scored = new List<(bool IsCross, double Precision, bool First, bool Five)>();
        for (var q = 0; q < images.Length; q++)
        {
            var query = images[q];
            var answers = Enumerable.Range(0, images.Length).OrderBy(image => distances[(q * images.Length) + image]).Select((image, rank) =>
            {
                var isSame = images[image].Identity == query.Identity;
                var isIgnored = isSame && images[image].Camera == query.Camera && Math.Abs(images[image].Time!.Value - query.Time!.Value) <= 3;
                return (Score: isIgnored ? 0 : 1.0 / (rank + 1), Label: isSame && !isIgnored, isIgnored);
            }).ToList();
            var clean = answers.Where(answer => !answer.isIgnored).Select(answer => answer.Label).ToList();
            scored.Add((
                images.Where(image => image.Identity == query.Identity).Select(image => image.Camera).Distinct().Count() > 1,
                AveragePrecision(answers),
                clean.Take(1).Any(label => label),
                clean.Take(5).Any(label => label)));
        }

        return
        [
            .. scored.GroupBy(query => query.IsCross).OrderBy(group => group.Key).Select(group => new QueryGroup(
                group.Key ? "cross-camera" : "single-camera", group.Count(), (double)group.Count(query => query.First) / group.Count(),
                (double)group.Count(query => query.Five) / group.Count(), group.Average(query => query.Precision))),
        ];
    }

    /// <summary>Σ (recall − recall before) · precision over the thresholds; undefined without a positive, which the scorer makes 0.</summary>
    private static double AveragePrecision(List<(double Score, bool Label, bool)> answers)
    {
        var positives = answers.Count(answer => answer.Label);
        var (sum, recall) = (0.0, 0.0);
        foreach (var threshold in answers.Select(answer => answer.Score).Distinct().OrderDescending())
        {
            var taken = answers.Where(answer => answer.Score >= threshold).ToList();
            var found = taken.Count(answer => answer.Label);
            var now = positives == 0 ? 0 : (double)found / positives;
            sum += (now - recall) * found / taken.Count;
            recall = now;
        }

        return sum;
    }
}
