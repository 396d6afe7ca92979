using System.Text;
using ReidCloud.Specs;

namespace ReidCloud.Reports.Comparisons;

/// <summary>
/// Runs that differ in nothing but `seed` and `repeat`: what chance alone does to the figures. Runs that came to the very same weights and figures, as repeats of
/// a seed do on a CPU, are one outcome and count once.
/// </summary>
public sealed record SeedGroup(string Title, IReadOnlyList<string> Runs, IReadOnlyList<long> Seeds, IReadOnlyList<SeedFigure> Figures)
{
    internal static IReadOnlyList<SeedGroup> Of(IReadOnlyList<MetricReport> reports) =>
        [.. reports.GroupBy(Sameness).Where(group => group.Count() > 1).Select(group => OfGroup([.. group]))];

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
    private static string Sameness(MetricReport report) =>
        $"{report.Lineage.DatasetHash}\n{Encoding.UTF8.GetString(ReidJson.Canonical(report.Spec with { Seed = 0, Repeat = 0, Limits = new LimitsSpec() }))}";
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
