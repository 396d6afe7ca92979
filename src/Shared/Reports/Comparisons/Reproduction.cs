using ReidCloud.Specs;

namespace ReidCloud.Reports.Comparisons;

public enum ReproductionVerdict
{
    /// <summary>The same bytes of the checkpoint and the same figures.</summary>
    Equal,

    /// <summary>Other bytes, as other hardware or another number of threads gives, and every figure near enough.</summary>
    WithinTolerance,

    Different,
}

/// <summary>
/// Whether a request that was done again came to the same. Within tolerance is a figure that lies in the first one's 95 % interval, or no farther than
/// <see cref="Tolerance"/> from it.
/// </summary>
public sealed record Reproduction(string Run, string Again, ReproductionVerdict Verdict, bool SameCheckpoint, IReadOnlyList<ReproducedFigure> Figures)
{
    /// <summary>A tenth of a percentage point.</summary>
    public const double Tolerance = 1e-3;

    /// <summary>What is another there than here of what the numbers depend on: versions, threads, device, content of data and of the weights used.</summary>
    public IReadOnlyList<ComparedPlace> Lineages { get; init; } = [];

    /// <summary>Of a run that leaves files instead of figures: which are not the same.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    public static Reproduction Of(MetricReport first, MetricReport again)
    {
        var sameCheckpoint = first.Lineage.CheckpointSha256 == again.Lineage.CheckpointSha256;
        IReadOnlyList<ReproducedFigure> figures = [.. ComparedFigure.Of([first, again]).Select(ReproducedFigure.Of)];
        IReadOnlyList<string> files = first.Settings.Count > 0 ? [] : OtherFiles(first, again);
        var verdict = figures.Any(figure => !figure.IsWithin) || files.Count > 0 ? ReproductionVerdict.Different
            : sameCheckpoint && figures.All(figure => figure.Value == figure.Again) ? ReproductionVerdict.Equal
            : ReproductionVerdict.WithinTolerance;
        return new Reproduction(first.Run, again.Run, verdict, sameCheckpoint, figures) { Lineages = ComparedPlace.OfLineages([first.Lineage, again.Lineage]), Files = files };
    }

    private static IReadOnlyList<string> OtherFiles(MetricReport first, MetricReport again)
    {
        var (here, there) = (Contents(first), Contents(again));
        return [.. here.Except(there).Concat(there.Except(here)).Select(file => file.Name).Distinct().Order(StringComparer.Ordinal)];
    }

    private static IReadOnlyList<(string Name, string Sha256)> Contents(MetricReport report) => [.. report.Files.Select(file => (file.Name, file.Sha256))];
}

/// <summary>A figure of both; absent where only one has it.</summary>
public sealed record ReproducedFigure(RetrievalSetting Setting, string Metric, bool IsWithin) : RetrievalFigure(Setting)
{
    public double? Value { get; init; }
    public double? Again { get; init; }
    public Interval? Interval { get; init; }

    internal static ReproducedFigure Of(ComparedFigure figure)
    {
        var (value, again) = (figure.Values[0], figure.Values[1]);
        return new ReproducedFigure(figure.Setting, figure.Metric, value is not null && again is not null && IsNear(value, again.Value))
        {
            Variant = figure.Variant,
            Peer = figure.Peer,
            Value = value?.Value,
            Again = again?.Value,
            Interval = value?.Interval,
        };
    }

    private static bool IsNear(ComparedValue value, double again) =>
        Math.Abs(value.Value - again) <= Reproduction.Tolerance || (value.Interval is { } interval && again >= interval.Low && again <= interval.High);
}
