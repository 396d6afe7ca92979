using ReidCloud.Specs;

namespace ReidCloud.Reports.Comparisons;

/// <summary>One figure of one setting, of every run. <see cref="Values"/> are in the order of the runs; null where a run did not measure it.</summary>
public sealed record ComparedFigure(RetrievalSetting Setting, string Metric, IReadOnlyList<ComparedValue?> Values)
{
    /// <summary>Every setting that any of them measured, and in each every metric.</summary>
    /// <param name="runs">What each run measured.</param>
    internal static IReadOnlyList<ComparedFigure> Of(IReadOnlyList<IReadOnlyList<SettingMetrics>> runs) =>
    [
        .. from setting in runs.SelectMany(run => run).Select(metrics => metrics.Setting).Distinct().Order()
            let measured = runs.Select(run => run.FirstOrDefault(metrics => metrics.Setting == setting)).ToList()
            from metric in ReportMetric.All
            select new ComparedFigure(setting, metric.Name, [.. measured.Select(metrics => ComparedValue.Of(metrics, metric))]),
    ];
}

/// <summary>A figure with its 95 % interval, where there is one, and the number of queries it is a mean of.</summary>
public sealed record ComparedValue(double Value, int Queries)
{
    public Interval? Interval { get; init; }

    internal static ComparedValue? Of(SettingMetrics? metrics, ReportMetric metric) => metrics is null
        ? null
        : new ComparedValue(metric.ValueOf(metrics), metrics.QueriesWithMatch) { Interval = metrics.Intervals is { } intervals ? metric.IntervalOf(intervals) : null };
}
