using ReidCloud.Datasets;
using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Evaluation;
using ReidCloud.Reports;
using ReidCloud.Specs;

namespace ReidCloud.Tests.GpuRunner.Evaluation;

/// <summary>Small searches with few different distances, so that ties are the rule: junk, distractors, empty galleries, queries without a match, all protocols.</summary>
public sealed class RetrievalTests
{
    private const int Seed = 7;

    /// <summary>AlignedReID's four queries and eight images: its spec §15.</summary>
    private static readonly float[] Written =
    [
        .3f, .1f, .6f, .2f, .9f, .4f, .8f, .5f,
        .7f, .2f, .1f, .9f, .3f, .6f, .5f, .4f,
        .2f, .9f, .4f, .1f, .5f, .3f, .8f, .6f,
        .5f, .6f, .7f, .8f, .1f, .2f, .3f, .4f,
    ];

    [Fact]
    public void Everything_that_is_counted_agrees_with_the_slow_way()
    {
        var random = Seeding.Stream(1, "test");
        for (var trial = 0; trial < 3000; trial++)
        {
            var (queries, gallery) = (Sightings(random, random.NextInt(6)), Sightings(random, random.NextInt(25)));
            var distances = Distances(random, queries.Length * gallery.Length, 1 + random.NextInt(12));
            var spec = Spec(random);

            var figures = Measure(spec, queries, gallery, distances, 1 + random.NextInt(4));

            var oracle = new RetrievalOracle(distances, queries, gallery, spec.Protocol);
            var expected = oracle.Usual(Math.Min(50, gallery.Length));
            var metrics = figures.Metrics;
            Assert.Equal((queries.Length, expected.WithMatch, gallery.Length), (metrics.Queries, metrics.QueriesWithMatch, metrics.Gallery));
            Assert.Equal(expected.Trapezoidal, metrics.MapTrapezoidal, 12);
            Assert.Equal(expected.Standard, metrics.MapStandard, 12);
            Assert.Equal(expected.Minp, metrics.Minp, 12);
            Equal(expected.Cmc, metrics.Cmc);
            Assert.Equal(oracle.ByThreshold().Trapezoidal, figures.Ties.MapTrapezoidal, 12);
            Assert.Equal(oracle.ByThreshold().Standard, figures.Ties.MapStandard, 12);
            Assert.Equal(spec.Cmc, metrics.Curves.Select(curve => curve.Definition));
            Assert.All(metrics.Curves, curve => Equal(oracle.Cmc(curve.Definition, curve.Cmc.Count, Seed), curve.Cmc));
            double[] rates = [.. spec.FalsePositiveRates.Select(oracle.TruePositiveRate).OfType<double>()];
            Equal(rates, [.. metrics.Roc.Select(point => point.TruePositiveRate)]);
        }
    }

    /// <summary>The order of the gallery decides nothing but ties.</summary>
    [Fact]
    public void Another_order_of_the_gallery_gives_the_same_figures_where_nothing_ties()
    {
        var random = Seeding.Stream(2, "test");
        for (var trial = 0; trial < 300; trial++)
        {
            var (queries, gallery, spec) = (Sightings(random, 4), Sightings(random, 1 + random.NextInt(20)), Spec(random));
            int[] values = random.Permutation(queries.Length * gallery.Length), order = random.Permutation(gallery.Length);
            float[] distances = [.. values.Select(value => value / 8f)], moved = new float[distances.Length];
            for (var at = 0; at < distances.Length; at++)
            {
                moved[at] = distances[(at / gallery.Length * gallery.Length) + order[at % gallery.Length]];
            }

            var figures = Measure(spec, queries, gallery, distances, 2);
            var again = Measure(spec, queries, [.. order.Select(item => gallery[item])], moved, 2);

            Assert.Equal(ReidJson.Write(figures.Metrics), ReidJson.Write(again.Metrics));
            Assert.Equal(0, figures.Ties.Queries);
        }
    }

    /// <summary>Only the order of distances counts; and what is junk does not count at all.</summary>
    [Fact]
    public void Other_distances_in_the_same_order_and_more_junk_give_the_same_figures()
    {
        var random = Seeding.Stream(3, "test");
        for (var trial = 0; trial < 300; trial++)
        {
            var (query, gallery) = (new Sighting(1, 1, 0) { Content = (1, 1) }, Sightings(random, 1 + random.NextInt(20)));
            var spec = Spec(random) with { Protocol = RetrievalProtocol.CrossCamera };
            var distances = Distances(random, gallery.Length, 6);
            Sighting[] more = [.. gallery, query, query];

            var figures = Measure(spec, [query], gallery, distances, 1).Metrics;
            var stretched = Measure(spec, [query], gallery, Array.ConvertAll(distances, distance => (float)Math.Exp(distance)), 1).Metrics;
            var joined = Measure(spec, [query], more, [.. distances, 0, 0.5f], 1).Metrics;

            Assert.Equal(ReidJson.Write(figures), ReidJson.Write(stretched));
            Assert.Equal((figures.MapStandard, figures.MapTrapezoidal, figures.Minp, figures.Rank1), (joined.MapStandard, joined.MapTrapezoidal, joined.Minp, joined.Rank1));
            Equal([.. figures.Roc.Select(point => point.TruePositiveRate)], [.. joined.Roc.Select(point => point.TruePositiveRate)]);
        }
    }

    [Fact]
    public void A_further_distractor_makes_nothing_better()
    {
        var random = Seeding.Stream(4, "test");
        for (var trial = 0; trial < 300; trial++)
        {
            var (queries, gallery) = (Sightings(random, 3), Sightings(random, 12));
            var (distances, far) = (Distances(random, 36, 30), random.NextInt(30) / 8f);
            var spec = new EvaluationSpec { Cmc = [new CmcSpec(false, false, false), new CmcSpec(true, false, true)] };
            float[] more = [.. distances.Chunk(12).SelectMany(row => row.Append(far))];

            var (without, with) = (Measure(spec, queries, gallery, distances, 1).Metrics, Measure(spec, queries, [.. gallery, new Sighting(Tracklet.Distractor, 9)], more, 1).Metrics);

            Assert.True(with.MapStandard <= without.MapStandard + 1e-12 && with.MapTrapezoidal <= without.MapTrapezoidal + 1e-12 && with.Minp <= without.Minp + 1e-12);
            Assert.All(without.Cmc.Zip(with.Cmc), rank => Assert.True(rank.Second <= rank.First + 1e-12));
            Assert.All(without.Curves.Zip(with.Curves).SelectMany(curve => curve.First.Cmc.Zip(curve.Second.Cmc)), rank => Assert.True(rank.Second <= rank.First + 1e-12));
        }
    }

    [Fact]
    public void The_written_example_comes_out()
    {
        Sighting[] queries = [new(1, 0), new(2, 1), new(3, 0), new(9, 0)];
        int[] identities = [1, 1, 2, 3, 1, 2, 3, 2], cameras = [0, 1, 0, 1, 1, 1, 0, 0];
        Sighting[] gallery = [.. identities.Zip(cameras, (identity, camera) => new Sighting(identity, camera))];
        var spec = new EvaluationSpec { Cmc = [new CmcSpec(false, false, true), new CmcSpec(false, false, false), new CmcSpec(true, false, false)] };

        var figures = Measure(spec, queries, gallery, Written, 2);

        Assert.Equal([.613095, .708333, 1], figures.Queries.OfType<QueryFigures>().Select(query => Math.Round(query.MapTrapezoidal, 6)));
        Assert.Equal([.642857, .75, 1], figures.Queries.OfType<QueryFigures>().Select(query => Math.Round(query.MapStandard, 6)));
        Assert.Equal(.773810, figures.Metrics.MapTrapezoidal, 6);
        Assert.Equal([1, 1, 1, 1, 1], figures.Metrics.Cmc.Take(5));
        Assert.Equal([1, 1, 1, 1, 1], Rounded(0));
        Assert.Equal([.666667, .666667, .833333, .833333, .833333], Rounded(1));
        Assert.Equal([.833333, .833333, 1, 1, 1], Rounded(2));

        double[] Rounded(int curve) => [.. figures.Metrics.Curves[curve].Cmc.Take(5).Select(share => Math.Round(share, 6))];
    }

    /// <summary>A model that says the same of everything ranks by the order of the files: here the match comes first by chance.</summary>
    [Fact]
    public void Ties_that_change_the_figures_are_said()
    {
        var query = new Sighting(1, 0);
        Sighting[] gallery = [new(1, 1), new(2, 1), new(3, 1), new(4, 1)];

        var collapsed = Measure(new EvaluationSpec(), [query], gallery, new float[4], 1);
        var sound = Measure(new EvaluationSpec(), [query], gallery, [0, 1, 2, 2], 1);

        Assert.Equal(1, collapsed.Metrics.MapStandard);
        Assert.Equal(new RankTies(1, (1 + 0.25) / 2, 0.25), collapsed.Ties);
        Assert.StartsWith(
            "image-to-image: in 1 of 1 queries a match is exactly as far as what is none, and which ranks first is but their order in the gallery; with equal distances as one, mAP (trapezoidal) is 0.6250 and mAP (standard) 0.2500.",
            collapsed.Ties.Warning(collapsed.Metrics),
            StringComparison.Ordinal);
        Assert.Null(sound.Ties.Warning(sound.Metrics));
    }

    [Fact]
    public void A_rate_of_a_decimal_fraction_is_that_of_so_many_pairs()
    {
        var counts = new PairCounts();
        void Show(Action<float, bool> add)
        {
            for (var pair = 0; pair < 100; pair++)
            {
                add(pair, false);
                add(pair + 0.5f, true);
            }
        }

        Show(counts.Add);
        counts.Look([0.29, 0]);
        Show(counts.AddAgain);

        // 0.29 · 100 is less than 29 in binary. With 29 others taken for equal, those at 0.5 … 28.5 are told.
        Assert.Equal([new RocPoint(0.29, 0.29), new RocPoint(0, 0)], new[] { 0.29, 0 }.Select(counts.At));
    }

    private static SettingFigures Measure(EvaluationSpec spec, Sighting[] queries, Sighting[] gallery, float[] distances_QG, int rowsPerTile) =>
        new Retrieval(spec, Seed).Measure(RetrievalSetting.ImageToImage, new RetrievalVariant(), new SearchedRows(queries, gallery, _ =>
            Enumerable.Range(0, queries.Length).Chunk(rowsPerTile).Select(rows => new DistanceTile(
                rows[0], rows.Length, distances_QG[(rows[0] * gallery.Length)..((rows[^1] + 1) * gallery.Length)]))));

    private static EvaluationSpec Spec(RandomStream random) => new()
    {
        Protocol = Enum.GetValues<RetrievalProtocol>()[random.NextInt(3)],
        Cmc = [.. Enumerable.Range(0, random.NextInt(3)).Select(_ => new CmcSpec(random.NextBool(0.5), random.NextBool(0.5), random.NextBool(0.5), 1 + random.NextInt(5)))],
        FalsePositiveRates = [.. new[] { 1e-4, 0.01, 0.1, 0.25, 0.9 }.Take(random.NextInt(6))],
    };

    private static Sighting[] Sightings(RandomStream random, int count) =>
    [
        .. Enumerable.Range(0, count).Select(_ => new Sighting(random.NextInt(5) - 1, random.NextInt(3), random.NextInt(9)) { Content = (random.NextInt(4), (uint)random.NextInt(2)) }),
    ];

    private static float[] Distances(RandomStream random, int count, int levels) => [.. Enumerable.Range(0, count).Select(_ => (random.NextInt(levels) - 1) / 4f)];

    private static void Equal(IReadOnlyList<double> expected, IReadOnlyList<double> actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 12));
    }
}
