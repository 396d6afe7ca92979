namespace ReidCloud.Reports.Page.Charts;

/// <summary>How often values between 0 and 1 fall into each of ten equal parts, for one or two models side by side.</summary>
internal sealed record Histogram(string Name, string Across, IReadOnlyList<(string Series, IReadOnlyList<int> Counts)> Series)
{
    public const int Bins = 10;
    private const double Top = 24;
    private const double Bottom = 190;
    private const double Left = 52;

    public static IReadOnlyList<int> Count(IEnumerable<double> fractions)
    {
        var counts = new int[Bins];
        foreach (var fraction in fractions)
        {
            counts[Math.Clamp((int)(fraction * Bins), 0, Bins - 1)]++;
        }

        return counts;
    }

    public Markup Draw()
    {
        var ticksUp = Ticks.Around(0, Math.Max(4, Series.Max(series => series.Counts.Max())), 4);
        var across = new Axis(0, 1, Left + 4, Drawing.Width - 12);
        var up = new Axis(0, ticksUp.To, Bottom, Top);
        var ticks = Ticks.Between(0, 1, 5);
        var width = (across.At(1.0 / Bins) - across.At(0) - 4) / Series.Count;
        var legend = Left + 4;
        return Drawing.Of(Name, Drawing.Width, Bottom + 40,
        [
            up.Up(ticksUp, ticksUp.Label, Left, Drawing.Width - 8),
            across.Across(ticks, value => $"{value * 100:0}", Across, Bottom, Bottom + 4),
            .. Series.SelectMany((series, number) => series.Counts.Select((count, bin) => Markup.Of(
                $"""<rect class="{Drawing.Style(number)} column" x="{across.At((double)bin / Bins) + 2 + (number * width)}" y="{up.At(count)}" width="{width - 1}" height="{Bottom - up.At(count)}"/>"""))),
            .. Series.Count < 2 ? [] : Series.Select((series, number) =>
            {
                var entry = Markup.Of($"""<g class="{Drawing.Style(number)}"><rect class="{Drawing.Style(number)} column" x="{legend}" y="3" width="10" height="10"/><text class="label" x="{legend + 15}" y="12">{series.Series}</text></g>""");
                legend += Drawing.WidthOf(series.Series) + 36;
                return entry;
            }).ToList(),
        ]);
    }
}
