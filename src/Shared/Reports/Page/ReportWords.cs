using ReidCloud.Specs;

namespace ReidCloud.Reports.Page;

/// <summary>One thing that is to be known, by name.</summary>
internal sealed record Fact(string Name, string Value);

/// <summary>A measure, and what its value means in words.</summary>
internal sealed record Measure(string Name, string Value, string Meaning);

/// <summary>What pages and texts say of a report in the same words.</summary>
internal static class ReportWords
{
    /// <summary>How the figures are to be read.</summary>
    public static string Figures(MetricReport report) =>
        "mAP (trapezoidal) is the definition of the Market-1501 and MARS tools, mAP (standard) the mean of the precision at each hit, mINP the precision at the last hit; "
        + "rank-k is the share of queries with a match among the first k."
        + (report.Settings.Any(metrics => metrics.Intervals is not null) ? " Ranges hold 95 % of a bootstrap over queries." : "")
        + (report.Against is { Differences.Count: > 0 }
            ? " Differences are in percentage points, query by query on the same queries; p is how likely chance alone brings at least as large a one (two-sided sign-flip test)."
            : "");

    public static string HealthTitle(RunSpec spec) => spec is TrainSpec { Method: ViewDistillationSpec } ? "Health of the distillation" : "How alike the two models are";

    public static IReadOnlyList<Measure> Health(DistillationHealth health, ModelTitles titles) =>
    [
        new("rank correlation", health.RankCorrelation.ToString("0.000", System.Globalization.CultureInfo.InvariantCulture), $"Both put the gallery in {Order(health.RankCorrelation)} (Spearman's, mean over queries; 1 is the same order, 0 none in common)."),
        new("neighbor overlap", Amounts.Percent(health.NeighborOverlap), $"Of the first {Amounts.Count(health.Neighbors)} answers, {Amounts.Number(health.NeighborOverlap * health.Neighbors)} are the same for both, on average."),
        .. health.LogitDivergence is { } nats
            ? [new Measure("logit KL", $"{Amounts.Number(nats)} nats", $"The class scores of {titles.First} and {titles.Second} {Scores(nats)} (KL({titles.Second} ‖ {titles.First}) at temperature 1, mean over images; 0 is equal).")]
            : Array.Empty<Measure>(),
    ];

    public static IReadOnlyList<Fact> Cost(MetricReport report)
    {
        var cost = report.Cost;
        return
        [
            new("time of the attempt that succeeded", Amounts.Duration(cost.Seconds)),
            .. Some(cost.AllSeconds > 0, "time of all attempts", () => report.Lineage.Attempts > 0 ? $"{Amounts.Duration(cost.AllSeconds)} in {Amounts.Count(report.Lineage.Attempts)} {(report.Lineage.Attempts == 1 ? "attempt" : "attempts")}" : Amounts.Duration(cost.AllSeconds)),
            .. Some(cost.AllSeconds > 0, "of it done again after interruptions", () => cost.RedoneSeconds > 0 ? $"{Amounts.Duration(cost.RedoneSeconds)} ({Amounts.Percent(cost.RedoneSeconds / cost.AllSeconds)})" : "none"),
            .. Some(report.Spec is TrainSpec, "pace", () => $"{Amounts.Number(cost.TrainingImagesPerSecond)} training images per second"),
            .. Some(cost.PeakMemoryBytes > 0, "memory", () => $"{Amounts.Bytes(cost.PeakMemoryBytes)} at most"),
        ];
    }

    public static IReadOnlyList<Fact> Lineage(MetricReport report)
    {
        var lineage = report.Lineage;
        return
        [
            new("run", report.Run),
            new("data set", $"{report.Spec.Dataset}, content {lineage.DatasetHash}"),
            .. Some(lineage.TrainedOnDatasetHash is { } trained && trained != lineage.DatasetHash, "trained on", () => $"another data set, content {lineage.TrainedOnDatasetHash}"),
            .. lineage.Parents.Select(parent => new Fact(parent.Role, $"{parent.Checkpoint}, SHA-256 {parent.CheckpointSha256}")),
            .. Some(report.Spec is TrainSpec, "result", () => $"SHA-256 {lineage.CheckpointSha256}"),
            new("seed", System.FormattableString.Invariant($"{report.Spec.Seed}{(report.Spec.Repeat > 0 ? $", repeat {report.Spec.Repeat}" : "")}")),
            new("software", $"ReidCloud {lineage.ProductVersion}, libtorch {lineage.TorchVersion}, {lineage.Runtime}"),
            new("hardware", $"{lineage.Device}, {Amounts.Count(lineage.Threads)} {(lineage.Threads == 1 ? "thread" : "threads")}, {lineage.Machine}"),
        ];
    }

    /// <summary>Runs it again and says whether the same comes out.</summary>
    public static string Command(MetricReport report) => $"./reid reproduce {report.Run}";

    private static string Order(double correlation) => correlation switch
    {
        >= 0.95 => "almost the same order",
        >= 0.8 => "much the same order",
        >= 0.5 => "a similar order",
        >= 0.2 => "orders that have something in common",
        _ => "orders that have next to nothing in common",
    };

    private static string Scores(double nats) => nats switch
    {
        < 0.05 => "are almost the same",
        < 0.3 => "are close",
        < 1 => "differ clearly",
        _ => "differ greatly",
    };

    private static IReadOnlyList<Fact> Some(bool known, string name, Func<string> value) => known ? [new Fact(name, value())] : [];
}
