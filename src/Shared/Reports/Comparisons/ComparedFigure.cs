using ReidCloud.Specs;

namespace ReidCloud.Reports.Comparisons;

/// <summary>One figure of one setting and way of searching, of every run. <see cref="Values"/> are in the order of the runs; null where a run did not measure it.</summary>
public sealed record ComparedFigure(RetrievalSetting Setting, string Metric, IReadOnlyList<ComparedValue?> Values) : RetrievalFigure(Setting)
{
    /// <summary>Everything that any of them measured, plain figures of a setting first, and of each every metric. What one run measured and another did not is a gap.</summary>
    internal static IReadOnlyList<ComparedFigure> Of(IReadOnlyList<MetricReport> runs) =>
    [
        .. from one in runs.SelectMany(Measured).DistinctBy(Key).OrderBy(Order)
            let there = runs.Select(run => Measured(run).Where(other => Key(other) == Key(one)).Select(other => other.Metrics).FirstOrDefault()).ToList()
            from metric in ReportMetric.All
            select new ComparedFigure(one.Metrics.Setting, metric.Name, [.. there.Select(metrics => ComparedValue.Of(metrics, metric))])
            {
                Variant = one.Metrics.Variant,
                Peer = one.Peer,
            },
    ];

    private static IEnumerable<(int? Peer, SettingMetrics Metrics)> Measured(MetricReport report) =>
        report.Settings.Select(metrics => ((int?)null, metrics)).Concat(report.Peers.SelectMany(peer => peer.Settings.Select(metrics => ((int?)peer.Peer, metrics))));

    private static (int? Peer, string Name) Key((int? Peer, SettingMetrics Metrics) one) => (one.Peer, one.Metrics.Name);

    private static (RetrievalSetting Setting, int Peer, bool MultiQuery, RetrievalDistance Distance, bool QueryExpansion, bool ReRanked) Order((int? Peer, SettingMetrics Metrics) one)
    {
        var variant = one.Metrics.Variant ?? new RetrievalVariant();
        return (one.Metrics.Setting, one.Peer ?? 1, variant.MultiQuery, variant.Distance, variant.QueryExpansion, variant.ReRanked);
    }
}

/// <summary>A figure with its 95 % interval, where there is one, and the number of queries it is a mean of.</summary>
public sealed record ComparedValue(double Value, int Queries)
{
    public Interval? Interval { get; init; }

    internal static ComparedValue? Of(SettingMetrics? metrics, ReportMetric metric) => metrics is null
        ? null
        : new ComparedValue(metric.ValueOf(metrics), metrics.QueriesWithMatch) { Interval = metrics.Intervals is { } intervals ? metric.IntervalOf(intervals) : null };
}
