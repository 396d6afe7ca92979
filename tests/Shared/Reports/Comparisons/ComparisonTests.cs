using ReidCloud.Reports;
using ReidCloud.Reports.Comparisons;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Shared.Reports.Comparisons;

public sealed class ComparisonTests
{
    private static readonly TrainSpec Spec = TinySpecs.Teacher;

    [Fact]
    public void Figures_stand_side_by_side_in_the_order_of_the_runs()
    {
        var comparison = Comparison.Of([Outcome(1, 0.5), Outcome(2, 0.7) with { Report = Outcome(2, 0.7).Report with { Settings = [Metrics(RetrievalSetting.VideoToVideo, 0.7)] } }]);

        Assert.Equal([Id(1), Id(2)], comparison.Runs.Select(run => run.Run));
        Assert.Equal("supervised of resnet18 on tiny, seed 1", comparison.Runs[0].Title);
        var images = comparison.Figures.Single(figure => figure is { Setting: RetrievalSetting.ImageToVideo, Metric: "mapStandard" });
        Assert.Equal((0.5, new Interval(0.4, 0.6), 3), (images.Values[0]!.Value, images.Values[0]!.Interval, images.Values[0]!.Queries));
        Assert.Null(images.Values[1]);
        Assert.Equal(2 * ReportMetric.All.Count, comparison.Figures.Count);
    }

    [Fact]
    public void Seeds_that_differ_in_nothing_else_are_a_group_with_mean_and_sample_deviation()
    {
        var group = Assert.Single(Comparison.Of([Outcome(1, 0.4), Outcome(2, 0.5), Outcome(3, 0.6), Outcome(4, 0.9, Spec with { Epochs = 7 })]).Groups);

        Assert.Equal([1, 2, 3], group.Seeds);
        var figure = group.Figures.Single(figure => figure.Metric == "rank1");
        Assert.Equal((3, 0.5, 0.1), (figure.Count, figure.Mean, Math.Round(figure.Deviation!.Value, 12)));
    }

    [Fact]
    public void Runs_on_several_divisions_of_the_same_persons_are_a_group_with_their_mean()
    {
        RunOutcome On(int split, int run, double figure, string layout = "regdb")
        {
            var outcome = Outcome(run, figure, Spec with { Dataset = $"{layout}-{split}", Seed = 5 }, hash: $"{layout} {split}");
            return outcome with { Report = outcome.Report with { Run = Id(run), Spec = Spec with { Dataset = $"{layout}-{split}", Seed = 5 }, Lineage = outcome.Report.Lineage with { DatasetSplit = $"{layout}/split-{split}" } } };
        }

        var group = Assert.Single(Comparison.Of([On(10, 1, 0.4), On(2, 2, 0.5), On(3, 3, 0.6), On(3, 4, 0.9, "viper")]).Groups);

        Assert.Equal("supervised of resnet18 on 3 splits of regdb", group.Title);
        Assert.Equal(["regdb/split-2", "regdb/split-3", "regdb/split-10"], group.Splits);
        Assert.Equal([Id(1), Id(2), Id(3)], group.Runs);
        Assert.Equal((3, 0.5, 0.1), group.Figures.Where(figure => figure.Metric == "rank1").Select(figure => (figure.Count, figure.Mean, Math.Round(figure.Deviation!.Value, 12))).First());
        Assert.Empty(Comparison.Of([On(3, 1, 0.4), On(3, 4, 0.9, "viper")]).Groups);
    }

    [Fact]
    public void A_repeat_that_came_to_the_very_same_counts_once()
    {
        var again = Outcome(1, 0.4, Spec with { Repeat = 1 });
        var group = Assert.Single(Comparison.Of([Outcome(1, 0.4), again with { Report = again.Report with { Run = Id(9) } }]).Groups);

        Assert.Equal(2, group.Runs.Count);
        Assert.All(group.Figures, figure => Assert.Equal((1, null), (figure.Count, figure.Deviation)));
    }

    [Fact]
    public void Runs_are_tested_against_the_first_query_by_query()
    {
        var (first, second) = (Outcome(1, 0.5) with { Queries = Queries(0.2, 0.5, null, 0.8) }, Outcome(2, 0.6) with { Queries = Queries(0.3, 0.6, null, 0.9) });

        var difference = Assert.Single(Comparison.Of([first, second, Outcome(3, 0.5)]).Differences);

        Assert.Equal((Id(2), Id(1)), (difference.Run, difference.Against));
        var standard = difference.Differences.Single(one => one.Metric == "mapStandard");
        Assert.Equal(0.1, standard.Difference, 1e-12);
        Assert.Equal(2.0 / 8, standard.PValue);
        Assert.Equal(0, difference.Differences.Single(one => one.Metric == "rank1").Difference);
    }

    [Fact]
    public void Other_queries_or_other_data_are_not_tested_and_the_reader_is_told()
    {
        var first = Outcome(1, 0.5) with { Queries = Queries(0.2, 0.5) };
        var others = Outcome(2, 0.5) with { Queries = [Queries(0.2, 0.5)[0] with { Queries = [.. Queries(0.2, 0.5)[0].Queries.Reverse()] }] };
        var elsewhere = Outcome(3, 0.5, Spec with { Dataset = "other" }, hash: "other") with { Queries = Queries(0.2, 0.5) };

        var comparison = Comparison.Of([first, others, elsewhere]);

        Assert.Empty(comparison.Differences);
        Assert.Contains($"Run {Id(3)} was measured on data set 'other'", Assert.Single(comparison.Notes));
    }

    [Fact]
    public void Another_protocol_is_noted()
    {
        var other = Outcome(2, 0.5, Spec with { Evaluation = Spec.Evaluation with { Frames = 1, EveryEpochs = 1 } });

        Assert.Contains("$.evaluation.frames is 1 instead of 2.", Assert.Single(Comparison.Of([Outcome(1, 0.5), other]).Notes));
    }

    [Fact]
    public void Places_at_which_requests_differ_are_named_with_their_values()
    {
        var comparison = Comparison.Of([Outcome(1, 0.5), Outcome(2, 0.5, Spec with { Optimizer = new AdamSpec(1e-3) })]);

        Assert.Equal(["$.optimizer.learningRate", "$.seed"], comparison.Specs.Select(place => place.Path));
        Assert.Equal(["0.0003", "0.001"], comparison.Specs[0].Values);
        Assert.Equal(["1", "2"], comparison.Specs[1].Values);
        Assert.Empty(comparison.Lineages);
    }

    [Fact]
    public void Circumstances_that_differ_are_named_but_not_the_outcome()
    {
        var other = Outcome(2, 0.5);
        var lineage = other.Report.Lineage with { Threads = 8, Attempts = 3, CheckpointSha256 = "other" };

        var place = Assert.Single(Comparison.Of([Outcome(1, 0.5), other with { Report = other.Report with { Lineage = lineage } }]).Lineages);

        Assert.Equal("$.threads", place.Path);
        Assert.Equal(["1", "8"], place.Values);
    }

    [Fact]
    public void Models_on_several_data_sets_are_a_matrix()
    {
        var trained = Outcome(1, 0.9);
        var model = new CheckpointRef(Id(1));
        var moved = Outcome(2, 0.3, new EvaluateSpec("other", model), hash: "other");
        var teacher = CheckpointRef.Pushed("vkd");
        moved = moved with { Report = moved.Report with { Against = new MeasuredModel(teacher, [Metrics(RetrievalSetting.ImageToVideo, 0.2)]) } };

        var matrix = Comparison.Of([trained, moved]).Matrices.Single(matrix => matrix.Metric == "mapStandard");

        Assert.Equal(["tiny", "other"], matrix.Datasets);
        Assert.Equal([Id(1), "weights:vkd"], matrix.Rows.Select(row => row.Title));
        Assert.Equal([0.9, 0.3], matrix.Rows[0].Cells.Select(cell => cell!.Figure.Value));
        Assert.Null(matrix.Rows[1].Cells[0]);
        Assert.Equal((Id(2), 0.2), (matrix.Rows[1].Cells[1]!.Run, matrix.Rows[1].Cells[1]!.Figure.Value));
        Assert.Empty(Comparison.Of([trained, Outcome(3, 0.5)]).Matrices);
    }

    /// <summary>Direct transfer: each training on its own data set and on another, over seeds.</summary>
    [Fact]
    public void Trainings_that_differ_in_the_seed_alone_are_one_row_of_trained_on_by_tested_on()
    {
        var deeper = Spec with { Model = new ModelSpec(BackboneName.ResNet34) };
        var elsewhere = Spec with { Dataset = "other", Epochs = 7 };
        RunOutcome Moved(int run, int trained, double figure, TrainSpec of, string dataset, EvaluationSpec? evaluation = null) =>
            Outcome(run, figure, new EvaluateSpec(dataset, new CheckpointRef(Id(trained))) { Evaluation = evaluation ?? new EvaluationSpec() }, hash: dataset) with { Trained = of with { Seed = trained } };
        IReadOnlyList<RunOutcome> outcomes =
        [
            Outcome(1, 0.8), Outcome(2, 0.9), Outcome(3, 0.5, deeper), Outcome(4, 0.6, elsewhere with { Evaluation = new EvaluationSpec { GalleryIncludesQueries = true } }, hash: "other"),
            Moved(11, 1, 0.2, Spec, "other"), Moved(12, 2, 0.4, Spec, "other"), Moved(13, 2, 0.45, Spec, "other"), Moved(14, 1, 0.3, Spec, "other", new EvaluationSpec { AfterNeck = true }),
            Moved(15, 5, 0.7, Spec with { Epochs = 9 }, "other"),
        ];

        var matrix = Comparison.Of(outcomes).Matrices.Single(matrix => matrix.Metric == "rank1");

        Assert.Equal(["tiny", "other"], matrix.Datasets);
        Assert.Equal(
            [
                "supervised of resnet18 on tiny, epochs 6, evaluation.afterNeck false", "supervised of resnet34 on tiny", "supervised of resnet18 on other",
                "supervised of resnet18 on tiny, epochs 6, evaluation.afterNeck true", "supervised of resnet18 on tiny, epochs 9, evaluation.afterNeck false",
            ],
            matrix.Seeds.Select(row => row.Title));
        Assert.Equal([(2, 0.85, 0.0707), (2, 0.3, 0.1414)], matrix.Seeds[0].Cells.Select(cell => (cell!.Count, Math.Round(cell.Mean, 9), Math.Round(cell.Deviation!.Value, 4))));
        Assert.Equal([Id(1), Id(2)], matrix.Seeds[0].Models.Select(model => model.Run));
        Assert.Equal([new SeedCellValue(1, 0.5), null], matrix.Seeds[1].Cells);
        Assert.Equal([null, new SeedCellValue(1, 0.3)], matrix.Seeds[3].Cells);
        Assert.Empty(Comparison.Of([outcomes[0], outcomes[4]]).Matrices[0].Seeds);
        Assert.Equal(ReidJson.Write(matrix), ReidJson.Write(ReidJson.Read<DatasetMatrix>(ReidJson.Write(matrix))));
    }

    [Fact]
    public void Ways_of_searching_stand_under_their_names_and_are_a_gap_where_a_run_did_not_measure_them()
    {
        var reRanked = Metrics(RetrievalSetting.ImageToVideo, 0.9) with { Variant = new RetrievalVariant { ReRanked = true } };
        var (plain, both) = (Outcome(1, 0.5), Outcome(2, 0.6));
        both = both with { Report = both.Report with { Settings = [.. both.Report.Settings, reRanked] } };

        var figures = Comparison.Of([plain, both]).Figures.Where(figure => figure.Metric == "mapStandard").ToList();

        Assert.Equal(["image-to-video", "image-to-video/re-ranked"], figures.Select(figure => figure.Name));
        Assert.Equal([0.5, 0.6], figures[0].Values.Select(value => value!.Value));
        Assert.Equal([null, 0.9], figures[1].Values.Select(value => value?.Value));
    }

    [Fact]
    public void Only_the_same_way_of_searching_is_tested_query_by_query()
    {
        var variant = new RetrievalVariant { Distance = RetrievalDistance.Local };
        IReadOnlyList<SettingInsights> ours = [.. Queries(0.3, 0.6), Queries(0.1, 0.1)[0] with { Variant = variant }];
        IReadOnlyList<SettingInsights> theirs = [.. Queries(0.2, 0.5), Queries(0.5, 0.5)[0] with { Variant = new RetrievalVariant { ReRanked = true } }];

        var difference = Assert.Single(Comparison.Of([Outcome(1, 0.5) with { Queries = theirs }, Outcome(2, 0.6) with { Queries = ours }]).Differences);

        Assert.All(difference.Differences, one => Assert.Null(one.Variant));
        Assert.Equal(ReportMetric.All.Count, difference.Differences.Count);
        var local = Assert.Single(Comparison.Of([Outcome(1, 0.5) with { Queries = ours }, Outcome(2, 0.6) with { Queries = ours }]).Differences);
        Assert.Equal(["image-to-video", "image-to-video/local"], local.Differences.Select(one => one.Name).Distinct());
    }

    [Fact]
    public void What_one_run_measured_besides_makes_it_no_other_measurement_but_other_parameters_do()
    {
        var besides = Outcome(2, 0.5, Spec with { Evaluation = Spec.Evaluation with { ReRanking = new ReRankingSpec(), FalsePositiveRates = [0.1], Cmc = [new CmcSpec(true, true, false)] } });
        var otherwise = Outcome(3, 0.5, Spec with { Evaluation = Spec.Evaluation with { ReRanking = new ReRankingSpec(30) } });

        Assert.Empty(Comparison.Of([Outcome(1, 0.5), besides]).Notes);
        Assert.Contains("$.evaluation.reRanking.k1 is 30 instead of 20.", Assert.Single(Comparison.Of([besides, otherwise]).Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Validation_identities_are_other_queries_and_another_column()
    {
        var held = Outcome(2, 0.9, Spec with { Validation = new ValidationSpec(50) });

        var comparison = Comparison.Of([Outcome(1, 0.5), held]);

        Assert.Contains($"Run {Id(2)} was measured on 50 identities held back for validation (seed 1), run {Id(1)} on the queries and the gallery", Assert.Single(comparison.Notes), StringComparison.Ordinal);
        Assert.Equal(["tiny", "tiny, validation identities"], comparison.Matrices[0].Datasets);
    }

    [Fact]
    public void Each_peer_is_averaged_over_the_seeds_by_itself()
    {
        var mutual = Spec with { Method = new MutualLearningSpec() };

        var group = Assert.Single(Comparison.Of([Peers(1, 0.4, 0.6), Peers(2, 0.5, 0.8)]).Groups);

        Assert.Equal([(null, 0.45), (2, 0.7)], group.Figures.Where(figure => figure.Metric == "rank1").Select(figure => (figure.Peer, Math.Round(figure.Mean, 12))));
        Assert.Equal("image-to-video, peer 2", group.Figures[^1].Title);

        RunOutcome Peers(int seed, double first, double second)
        {
            var outcome = Outcome(seed, first, mutual);
            return outcome with { Report = outcome.Report with { Peers = [new PeerFigures(2, [Metrics(RetrievalSetting.ImageToVideo, second)])] } };
        }
    }

    [Fact]
    public void Peers_and_ways_of_searching_are_rows_and_tables_of_a_matrix_of_runs_by_test_sets()
    {
        var way = new RetrievalVariant { ReRanked = true };
        var trained = Outcome(1, 0.9, Spec with { Method = new MutualLearningSpec() });
        trained = trained with { Report = trained.Report with { Settings = Both(0.9), Peers = [new PeerFigures(2, Both(0.8))] } };
        var moved = Outcome(2, 0.3, new EvaluateSpec("other", new CheckpointRef(Id(1)) { Peer = 2 }), hash: "other");
        moved = moved with { Report = moved.Report with { Settings = Both(0.3) } };

        var matrices = Comparison.Of([trained, moved]).Matrices.Where(matrix => matrix.Metric == "rank1").ToList();

        Assert.Equal(["image-to-video", "image-to-video, re-ranked"], matrices.Select(matrix => matrix.Title));
        Assert.All(matrices, matrix => Assert.Equal([Id(1), $"{Id(1)}, peer 2"], matrix.Rows.Select(row => row.Title)));
        Assert.Equal([0.8, 0.3], matrices[0].Rows[1].Cells.Select(cell => cell!.Figure.Value));

        IReadOnlyList<SettingMetrics> Both(double figure) => [Metrics(RetrievalSetting.ImageToVideo, figure), Metrics(RetrievalSetting.ImageToVideo, figure) with { Variant = way }];
    }

    /// <summary>The API writes it and the command line reads it, both strictly.</summary>
    [Fact]
    public void It_survives_JSON()
    {
        var first = Outcome(1, 0.5) with { Queries = Queries(0.2, 0.5) };
        var moved = Outcome(3, 0.5, new EvaluateSpec("other", new CheckpointRef(Id(1))), hash: "other");
        first = first with { Report = first.Report with { Settings = [.. first.Report.Settings, first.Report.Settings[0] with { Variant = new RetrievalVariant { ReRanked = true } }], Peers = [new PeerFigures(2, first.Report.Settings)] } };
        var json = ReidJson.Write(Comparison.Of([first, Outcome(2, 0.6) with { Queries = Queries(0.3, 0.6) }, moved]));

        Assert.Equal(json, ReidJson.Write(ReidJson.Read<Comparison>(json)));
    }

    internal static string Id(int run) => $"{run:D20}";

    internal static RunOutcome Outcome(int seed, double figure, RunSpec? spec = null, string hash = "data") => new(new MetricReport(
        Id(seed),
        (spec ?? Spec) with { Seed = seed },
        [Metrics(RetrievalSetting.ImageToVideo, figure)],
        new Lineage(hash, [], $"checkpoint {figure}", "1.0.0", "2.7.1", "cpu", 1, "a machine", ".NET 10"),
        new RunCost(60, 10, 1 << 30)));

    internal static SettingMetrics Metrics(RetrievalSetting setting, double figure)
    {
        var bar = new Interval(Math.Round(figure - 0.1, 3), Math.Round(figure + 0.1, 3));
        return new SettingMetrics(setting, 4, 3, 9, figure, figure, figure, figure, figure, figure) { Intervals = new MetricIntervals(bar, bar, bar, bar, bar, bar) };
    }

    private static IReadOnlyList<SettingInsights> Queries(params double?[] precisions) =>
    [
        new SettingInsights(RetrievalSetting.ImageToVideo)
        {
            Queries = [.. precisions.Select((precision, i) => new QueryOutcome($"item {i}", "1", "a", precision is null ? null : 2, precision, precision, precision))],
        },
    ];
}
