namespace ReidCloud.Reports.Page.Charts;

/// <summary>A figure with its interval, in a row of its own or below another of its group.</summary>
internal sealed record IntervalRow(string Group, string Series, double Value, Interval? Interval)
{
    public static IntervalRow Of(ReportMetric metric, SettingMetrics metrics, string model) =>
        new(metric.Title, model, metric.ValueOf(metrics), metrics.Intervals is { } intervals ? metric.IntervalOf(intervals) : null);
}

/// <summary>Figures of some models below each other, with their error bars: which bars overlap is seen at once.</summary>
internal sealed record IntervalChart(string Name, string Across, IReadOnlyList<IntervalRow> Rows)
{
    private const double Top = 24;
    private const double RowHeight = 15;
    private const double GroupSpace = 9;
    private const double Left = 122;

    public Markup Draw()
    {
        var series = Rows.Select(row => row.Series).Distinct().ToList();
        var groups = Rows.GroupBy(row => row.Group).ToList();
        var bottom = Top + (Rows.Count * RowHeight) + (groups.Count * GroupSpace);
        var ticks = Ticks.Around(Rows.Min(row => row.Interval?.Low ?? row.Value), Rows.Max(row => row.Interval?.High ?? row.Value), 5).Within(0, 1);
        var across = new Axis(ticks.From, ticks.To, Left, Drawing.Width - 16);
        List<Markup> parts = [across.Across(ticks, value => $"{value * 100:0.##}", Across, Top - 6, bottom)];
        var y = Top;
        foreach (var group in groups)
        {
            parts.Add(Markup.Of($"""<text class="end" x="{Left - 12}" y="{y + (group.Count() * RowHeight / 2) + 4}">{Drawing.Fitting(group.Key, Left - 14)}</text>"""));
            foreach (var row in group)
            {
                parts.Add(Mark(row, series.IndexOf(row.Series), across, y + (RowHeight / 2)));
                y += RowHeight;
            }

            y += GroupSpace;
        }

        return Drawing.Of(Name, Drawing.Width, bottom + 40, [.. parts, Legend(series)]);
    }

    private static Markup Mark(IntervalRow row, int series, Axis across, double y)
    {
        var bar = row.Interval is { } interval
            ? Markup.Of($"""<path class="bar" d="M{across.At(interval.Low)} {y}H{across.At(interval.High)}"/>""")
            : Markup.Empty;
        return Markup.Of($"""<g class="{Drawing.Style(series)}">{bar}{Shapes.At(across.At(row.Value), y, series)}</g>""");
    }

    private static Markup Legend(IReadOnlyList<string> series)
    {
        var x = Left;
        return series.Count < 2 ? Markup.Empty : Markup.Join(series.Select((name, i) =>
        {
            var entry = Markup.Of($"""<g class="{Drawing.Style(i)}">{Shapes.At(x + 5, 8, i)}<text class="label" x="{x + 14}" y="12">{name}</text></g>""");
            x += Drawing.WidthOf(name) + 34;
            return entry;
        }).ToList());
    }
}
