using ReidCloud.Specs;

namespace ReidCloud.Reports.Comparisons;

/// <summary>One figure of models (rows) on data sets (columns): how well what was learned on one serves on another.</summary>
public sealed record DatasetMatrix(RetrievalSetting Setting, string Metric, IReadOnlyList<string> Datasets, IReadOnlyList<MatrixRow> Rows) : RetrievalFigure(Setting)
{
    /// <summary>The same by trainings that differ in the seed alone, as mean ± sd; empty where no two models do.</summary>
    public IReadOnlyList<SeedRow> Seeds { get; init; } = [];

    /// <summary>Empty where all were measured on one data set.</summary>
    internal static IReadOnlyList<DatasetMatrix> Of(IReadOnlyList<RunOutcome> outcomes)
    {
        var trainings = Trainings(outcomes);
        List<MeasuredOn> measured = [.. outcomes.SelectMany(outcome => Measurements(outcome.Report, trainings))];
        List<string> datasets = [.. measured.Select(one => one.Dataset).Distinct()];
        return datasets.Count < 2
            ? []
            :
            [
                .. from way in measured.GroupBy(one => one.Metrics.Name).OrderBy(way => way.First().Metrics.Setting)
                    where way.Select(one => one.Dataset).Distinct().Count() > 1
                    from metric in ReportMetric.All
                    select new DatasetMatrix(way.First().Metrics.Setting, metric.Name, datasets, [.. way.GroupBy(one => one.Model).Select(model => Row(model.Key, [.. model], datasets, metric))])
                    {
                        Variant = way.First().Metrics.Variant,
                        Seeds = SeedRow.Of([.. way], datasets, metric),
                    },
            ];
    }

    private static MatrixRow Row(CheckpointRef model, IReadOnlyList<MeasuredOn> measured, IReadOnlyList<string> datasets, ReportMetric metric) => new(
        model,
        ComparedRun.ModelTitle(model),
        [.. datasets.Select(dataset => measured.FirstOrDefault(one => one.Dataset == dataset) is { } one
            ? new MatrixCell(one.Run, ComparedValue.Of(one.Metrics, metric)!)
            : null)]);

    /// <summary>By run, of those compared and of those that they measure.</summary>
    private static Dictionary<string, TrainSpec> Trainings(IReadOnlyList<RunOutcome> outcomes)
    {
        var trainings = new Dictionary<string, TrainSpec>(StringComparer.Ordinal);
        foreach (var outcome in outcomes)
        {
            var (run, spec) = outcome.Report.Spec is EvaluateSpec evaluate ? (evaluate.Checkpoint.Run, outcome.Trained) : (outcome.Report.Run, outcome.Report.Spec as TrainSpec);
            if (run is not null && spec is not null)
            {
                trainings.TryAdd(run, spec);
            }
        }

        return trainings;
    }

    /// <summary>The run's own model, the other peers, and the one measured beside it.</summary>
    private static IEnumerable<MeasuredOn> Measurements(MetricReport report, Dictionary<string, TrainSpec> trainings)
    {
        var model = report.Spec is EvaluateSpec evaluate ? evaluate.Checkpoint : new CheckpointRef(report.Run);
        return
        [
            .. Of(model, report.Settings),
            .. report.Peers.SelectMany(peer => Of(model with { Peer = peer.Peer }, peer.Settings)),
            .. report.Against is { } against ? Of(against.Checkpoint, against.Settings) : [],
        ];

        // A run's first peer is the run's own model.
        IEnumerable<MeasuredOn> Of(CheckpointRef of, IReadOnlyList<SettingMetrics> settings) => settings.Select(metrics => new MeasuredOn(
            report.Run, of.Peer == 1 ? of with { Peer = null } : of, of.Run is { } run ? trainings.GetValueOrDefault(run) : null, ComparedRun.MeasuredOn(report.Spec), MeasuringTerms.EvaluationOf(report.Spec), metrics));
    }
}

/// <summary>What a run measured of a model: how that was trained, where it is known, on what data set and how it was measured.</summary>
internal sealed record MeasuredOn(string Run, CheckpointRef Model, TrainSpec? Trained, string Dataset, EvaluationSpec? Evaluation, SettingMetrics Metrics);

/// <summary>A model, and what it reached on each data set; null where none of the runs measured it. Of several measurements the first run's counts.</summary>
public sealed record MatrixRow(CheckpointRef Model, string Title, IReadOnlyList<MatrixCell?> Cells);

/// <summary>A figure, and the run that measured it.</summary>
public sealed record MatrixCell(string Run, ComparedValue Figure);
