namespace ReidCloud.Reports;

/// <summary>
/// A figure of a retrieval setting: what JSON and people call it, and where it is found. Of a query it is the figure of the search for that query alone;
/// null where the query has no match.
/// </summary>
public sealed record ReportMetric(
    string Name, string Title, Func<SettingMetrics, double> ValueOf, Func<MetricIntervals, Interval> IntervalOf, Func<QueryOutcome, double?> OfQuery)
{
    /// <summary>In the order in which they are shown.</summary>
    public static IReadOnlyList<ReportMetric> All { get; } =
    [
        new("mapTrapezoidal", "mAP (trapezoidal)", metrics => metrics.MapTrapezoidal, intervals => intervals.MapTrapezoidal, query => query.PrecisionTrapezoidal),
        new("mapStandard", "mAP (standard)", metrics => metrics.MapStandard, intervals => intervals.MapStandard, query => query.PrecisionStandard),
        new("minp", "mINP", metrics => metrics.Minp, intervals => intervals.Minp, query => query.Minp),
        new("rank1", "rank-1", metrics => metrics.Rank1, intervals => intervals.Rank1, query => query.Found?[0] ?? Within(query, 1)),
        new("rank5", "rank-5", metrics => metrics.Rank5, intervals => intervals.Rank5, query => query.Found?[1] ?? Within(query, 5)),
        new("rank10", "rank-10", metrics => metrics.Rank10, intervals => intervals.Rank10, query => query.Found?[2] ?? Within(query, 10)),
    ];

    private static double? Within(QueryOutcome query, int rank) => query.FirstMatch is { } first ? first <= rank ? 1 : 0 : null;
}
