using System.Globalization;
using System.Text;
using ReidCloud.Specs;

namespace ReidCloud.Reports.Comparisons;

/// <summary>
/// Runs that differ in nothing but `seed` and `repeat`, or besides in which of the authors' divisions of the same persons they were trained and measured on: what chance alone does to the
/// figures. Runs that came to the very same weights and figures, as repeats of a seed do on a CPU, are one outcome and count once.
/// </summary>
public sealed record SeedGroup(string Title, IReadOnlyList<string> Runs, IReadOnlyList<long> Seeds, IReadOnlyList<SeedFigure> Figures)
{
    /// <summary>The divisions, where there are several: RegDB's figures are means over ten.</summary>
    public IReadOnlyList<string> Splits { get; init; } = [];

    /// <summary>What the mean is over, for people.</summary>
    internal string Over => Splits.Count > 0 ? "splits" : "seeds";

    internal static IReadOnlyList<SeedGroup> Of(IReadOnlyList<MetricReport> reports) =>
    [
        .. reports.GroupBy(Sameness).Where(group => group.Count() > 1).Select(group => OfGroup([.. group])),
        .. reports.Where(report => report.Lineage.DatasetSplit is not null).GroupBy(SamenessOverSplits).Select(group => OverSplits([.. group])).OfType<SeedGroup>(),
    ];

    private static SeedGroup? OverSplits(IReadOnlyList<MetricReport> group)
    {
        string[] splits = [.. group.Select(report => report.Lineage.DatasetSplit!).Distinct().OrderBy(split => split.Length).ThenBy(split => split, StringComparer.Ordinal)];
        return splits.Length < 2
            ? null
            : OfGroup(group) with { Title = string.Create(CultureInfo.InvariantCulture, $"{ComparedRun.What(group[0].Spec)} on {splits.Length} splits of {LayoutOf(group[0])}"), Splits = splits };
    }

    private static string LayoutOf(MetricReport report) => report.Lineage.DatasetSplit!.Split('/')[0];

    /// <summary>The same whichever division was meant; each is a data set of its own name.</summary>
    private static string SamenessOverSplits(MetricReport report) => $"{LayoutOf(report)}\n{Seedless(report.Spec with { Dataset = "" })}";

    private static SeedGroup OfGroup(IReadOnlyList<MetricReport> group)
    {
        IReadOnlyList<MetricReport> outcomes =
            [.. group.DistinctBy(report => (report.Lineage.CheckpointSha256, Encoding.UTF8.GetString(ReidJson.Write(report.Settings)), Encoding.UTF8.GetString(ReidJson.Write(report.Peers))))];
        return new SeedGroup(
            ComparedRun.SeedlessTitle(group[0].Spec),
            [.. group.Select(report => report.Run)],
            [.. group.Select(report => report.Spec.Seed).Distinct()],
            [.. ComparedFigure.Of(outcomes).Select(SeedFigure.Of)]);
    }

    /// <summary>The request without seed, repeat and limits, which change no figure, and the content of the data.</summary>
    private static string Sameness(MetricReport report) => $"{report.Lineage.DatasetHash}\n{Seedless(report.Spec)}";

    private static string Seedless(RunSpec spec) => Encoding.UTF8.GetString(ReidJson.Canonical(spec with { Seed = 0, Repeat = 0, Limits = new LimitsSpec() }));
}

/// <summary>
/// A figure over several outcomes: how many there are, their mean, and their sample standard deviation (by n − 1), null of a single one. In mutual learning each peer is
/// averaged over the seeds by itself.
/// </summary>
public sealed record SeedFigure(RetrievalSetting Setting, string Metric, int Count, double Mean) : RetrievalFigure(Setting)
{
    public double? Deviation { get; init; }

    internal static SeedFigure Of(ComparedFigure figure)
    {
        double[] values = [.. figure.Values.OfType<ComparedValue>().Select(value => value.Value)];
        return new SeedFigure(figure.Setting, figure.Metric, values.Length, values.Average()) { Variant = figure.Variant, Peer = figure.Peer, Deviation = DeviationOf(values) };
    }

    internal static double? DeviationOf(double[] values)
    {
        var mean = values.Average();
        return values.Length > 1 ? Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1)) : null;
    }
}
