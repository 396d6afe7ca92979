using ReidCloud.Reports;
using ReidCloud.Specs;

namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>A setting's figures, and those of each of its queries in their order; null is a query without a match.</summary>
internal sealed record SettingFigures(SettingMetrics Metrics, IReadOnlyList<QueryFigures?> Queries)
{
    public RankTies Ties { get; init; }

    /// <summary>How far it is ahead of another model's on the same queries; nothing where none has a match.</summary>
    public IEnumerable<PairedDifference> Minus(SettingFigures other, long seed) => Metrics.QueriesWithMatch == 0 ? [] :
        from pair in ReportMetric.All.Zip(QueryFigures.Columns(Queries), QueryFigures.Columns(other.Queries))
        select PairedTest.Of(Metrics.Setting, pair.First.Name, pair.Second, pair.Third, seed) with { Variant = Metrics.Variant };
}
