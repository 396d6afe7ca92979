using ReidCloud.Specs;

namespace ReidCloud.Reports.Comparisons;

/// <summary>
/// Runs side by side: their figures with error bars, what seeds alone change, how far each is from the first on the same queries, in what their requests
/// and circumstances differ, and models on several data sets as a matrix. Lists of values are in the order of <see cref="Runs"/>.
/// </summary>
public sealed record Comparison(IReadOnlyList<ComparedRun> Runs, IReadOnlyList<ComparedFigure> Figures)
{
    /// <summary>Runs that differ in nothing but seed and repeat, two or more.</summary>
    public IReadOnlyList<SeedGroup> Groups { get; init; } = [];

    /// <summary>Each run against the first, where both were measured on the same queries.</summary>
    public IReadOnlyList<RunDifference> Differences { get; init; } = [];

    /// <summary>Places of the requests that are not the same in all of them.</summary>
    public IReadOnlyList<ComparedPlace> Specs { get; init; } = [];

    /// <summary>The same of what the numbers depend on besides: content of data and weights, versions, device, threads.</summary>
    public IReadOnlyList<ComparedPlace> Lineages { get; init; } = [];

    /// <summary>One for each setting and metric, where there are two data sets or more.</summary>
    public IReadOnlyList<DatasetMatrix> Matrices { get; init; } = [];

    /// <summary>What a reader must know before figures are compared.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <param name="outcomes">In the order in which they are to be shown; the others are measured against the first.</param>
    public static Comparison Of(IReadOnlyList<RunOutcome> outcomes)
    {
        IReadOnlyList<MetricReport> reports = [.. outcomes.Select(outcome => outcome.Report)];
        return new Comparison([.. reports.Select(ComparedRun.Of)], ComparedFigure.Of(reports))
        {
            Groups = SeedGroup.Of(reports),
            Differences = RunDifference.Of(outcomes),
            Specs = ComparedPlace.OfSpecs([.. reports.Select(report => report.Spec)]),
            Lineages = ComparedPlace.OfLineages([.. reports.Select(report => report.Lineage)]),
            Matrices = DatasetMatrix.Of(outcomes),
            Notes = ComparisonNotes.Of(reports),
        };
    }
}

/// <summary>What is compared: a run's report and, where it is known, how each query came out.</summary>
public sealed record RunOutcome(MetricReport Report)
{
    /// <summary>From its insights; only the queries are looked at.</summary>
    public IReadOnlyList<SettingInsights> Queries { get; init; } = [];

    /// <summary>How the network that an evaluate run measures was trained, where a run trained it.</summary>
    public TrainSpec? Trained { get; init; }
}

/// <summary>One of the runs: how it is called in a table, and what it is.</summary>
public sealed record ComparedRun(string Run, string Title, RunSpec Spec, Lineage Lineage, RunCost Cost)
{
    internal static ComparedRun Of(MetricReport report) => new(report.Run, TitleOf(report.Spec), report.Spec, report.Lineage, report.Cost);

    /// <summary>`view-distillation of resnet18 on mars, seed 3`.</summary>
    private static string TitleOf(RunSpec spec) =>
        $"{SeedlessTitle(spec)}, seed {spec.Seed}" + (spec.Repeat > 0 ? $", repeat {spec.Repeat}" : "");

    internal static string SeedlessTitle(RunSpec spec) => $"{What(spec)} on {spec.Dataset}";

    /// <summary>The data set; identities that were held back from its training split are other queries than its own.</summary>
    internal static string MeasuredOn(RunSpec spec) => spec is TrainSpec { Validation: not null } ? $"{spec.Dataset}, validation identities" : spec.Dataset;

    internal static string What(RunSpec spec) => spec switch
    {
        TrainSpec train => $"{SpecKinds.NameOf(train.Method)} of {NameConverterFactory.NameOf(train.Model.Backbone)}",
        EvaluateSpec evaluate => ModelTitle(evaluate.Checkpoint),
        _ => spec.GetType().Name,
    };

    internal static string ModelTitle(CheckpointRef checkpoint) => checkpoint switch
    {
        { Run: null } => $"weights:{checkpoint.Weights}",
        { Peer: { } peer } => $"{checkpoint.Run}, {RetrievalTitle.OfPeer(peer)}",
        _ => checkpoint.Run,
    };
}
