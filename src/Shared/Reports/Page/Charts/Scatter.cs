namespace ReidCloud.Reports.Page.Charts;

internal readonly record struct ScatterPoint(double X, double Y, bool IsFilled);

/// <summary>Points that belong together; null is for the many that do not.</summary>
internal sealed record ScatterGroup(string? Name, IReadOnlyList<ScatterPoint> Points);

/// <summary>Points in a plane whose axes mean nothing: color and shape say what each belongs to, and those of no group lie behind as small dots.</summary>
internal sealed record Scatter(string Name, IReadOnlyList<ScatterGroup> Groups)
{
    private const double Side = 420;
    private const double Margin = 10;

    public Markup Draw()
    {
        var all = Groups.SelectMany(group => group.Points).ToList();
        var (left, right) = Ends(all.Select(point => point.X));
        var (low, high) = Ends(all.Select(point => point.Y));

        // One scale for both directions: distances are what the map is about.
        var span = Math.Max(right - left, high - low);
        var across = new Axis(((left + right) - span) / 2, ((left + right) + span) / 2, Margin, Side - Margin);
        var up = new Axis(((low + high) - span) / 2, ((low + high) + span) / 2, Side - Margin, Margin);
        return Drawing.Of(Name, Side, Side,
        [
            Markup.Of($"""<rect class="plane" x="1" y="1" width="{Side - 2}" height="{Side - 2}"/>"""),
            .. Groups.Where(group => group.Name is null).Select(group => Markup.Of($"""<path class="rest" d="{Shapes.Many(group.Points.Select(Place), null)}"/>""")),
            .. Groups.Where(group => group.Name is not null).Select((group, i) => Markup.Of($"""<g class="{Drawing.Style(i)}">{Marks(group, i, true)}{Marks(group, i, false)}</g>""")),
        ]);

        (double X, double Y) Place(ScatterPoint point) => (across.At(point.X), up.At(point.Y));

        Markup Marks(ScatterGroup group, int series, bool filled) => group.Points.Any(point => point.IsFilled == filled)
            ? Markup.Of($"""<path class="{(filled ? "mark" : "hollow")}" d="{Shapes.Many(group.Points.Where(point => point.IsFilled == filled).Select(Place), series)}"/>""")
            : Markup.Empty;
    }

    /// <summary>The mark of a group, for a legend.</summary>
    public static Markup Key(int series) => Markup.Of(
        $"""<svg class="key" role="img" viewBox="0 0 12 12" width="12" height="12"><title>mark</title><g class="{Drawing.Style(series)}">{Shapes.At(6, 6, series)}</g></svg>""");

    private static (double, double) Ends(IEnumerable<double> values)
    {
        var (least, most) = (values.Min(), values.Max());
        return most - least < 1e-9 ? (least - 1, most + 1) : (least, most);
    }
}
