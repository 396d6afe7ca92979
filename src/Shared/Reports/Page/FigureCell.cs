namespace ReidCloud.Reports.Page;

/// <summary>A figure in a table, its interval below it.</summary>
internal static class FigureCell
{
    public static Markup Of(double value, Interval? interval) =>
        Markup.Of($"{Amounts.Percent(value)}{(interval is null ? Markup.Empty : Markup.Of($"<small>{PageFrame.Unbroken(Amounts.Range(interval))}</small>"))}");

    /// <summary>Nothing but a dash where the model has no such figure.</summary>
    public static Markup Of(ReportMetric metric, SettingMetrics? metrics) => metrics is not { QueriesWithMatch: > 0 }
        ? Markup.Of($"–")
        : Of(metric.ValueOf(metrics), metrics.Intervals is { } intervals ? metric.IntervalOf(intervals) : null);
}
