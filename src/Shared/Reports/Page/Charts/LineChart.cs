using System.Globalization;
using System.Text;

namespace ReidCloud.Reports.Page.Charts;

/// <summary>A measurement, and where it lies with 95 % confidence if that is known.</summary>
internal readonly record struct LinePoint(double X, double Y, Interval? Interval = null);

internal sealed record LineSeries(string Name, IReadOnlyList<LinePoint> Points);

/// <summary>Lines over a common axis, each named at its end; intervals as bands, or as bars where only some points have one.</summary>
internal sealed record LineChart(string Name, string Across, IReadOnlyList<LineSeries> Series, Func<double, string>? Label = null)
{
    private const double Top = 12;
    private const double Left = 52;
    private const int MostPoints = 300;
    private const double BarSpace = 3;

    public double Height { get; init; } = 250;

    /// <summary>Positions of the axis that are whole: epochs, ranks.</summary>
    public bool Whole { get; init; } = true;

    /// <summary>What stands at a position, where that is not its number.</summary>
    public Func<double, string>? AcrossLabel { get; init; }

    /// <summary>Where nothing can lie beyond, as at 0 and 1 for fractions.</summary>
    public (double Least, double Most) Limits { get; init; } = (double.NegativeInfinity, double.PositiveInfinity);

    /// <summary>Names that are too long for the ends of lines stand in a list below, which <see cref="Legend"/> draws.</summary>
    public bool NamesBelow { get; init; }

    public Markup Legend() => Markup.Of($"""<ul class="legend">{Series.Select((series, i) => Markup.Of($"""<li><svg class="key line-key" role="img" viewBox="0 0 24 12" width="24" height="12"><title>line</title><g class="{Drawing.Style(i)}"><path class="line" d="M1 6H23"/></g></svg>{series.Name}</li>"""))}</ul>""");

    public Markup Draw()
    {
        var (right, bottom) = (Drawing.Width - 12 - NamesWidth(), Height - 40);
        var all = Series.SelectMany(series => series.Points).ToList();
        var ticksUp = Ticks.Around(all.Min(point => point.Interval?.Low ?? point.Y), all.Max(point => point.Interval?.High ?? point.Y), 4).Within(Limits.Least, Limits.Most);
        var up = new Axis(ticksUp.From, ticksUp.To, bottom, Top);
        var (first, last) = (all.Min(point => point.X), all.Max(point => point.X));
        var across = first < last ? new Axis(first, last, Left + 6, right) : new Axis(first - 1, last + 1, Left + 6, right);
        var ticksAcross = TicksAcross(first, last);
        return Drawing.Of(Name, Drawing.Width, Height,
        [
            up.Up(ticksUp, Label ?? ticksUp.Label, Left, right),
            across.Across(ticksAcross, AcrossLabel ?? ticksAcross.Label, Across, bottom, bottom + 4),
            .. Series.Select((series, i) => Line(series, i, across, up)),
            Names(up, right),
        ]);
    }

    /// <summary>The first and the last, and between them what is round.</summary>
    private Ticks TicksAcross(double first, double last)
    {
        var ticks = Ticks.Between(first, last, 6, Whole);
        return ticks with
        {
            Values = [first, .. ticks.Values.Where(tick => tick - first > ticks.Step * 0.6 && last - tick > ticks.Step * 0.6), .. last > first ? [last] : Array.Empty<double>()],
        };
    }

    private double NamesWidth() => Series.Count < 2 || NamesBelow ? 0 : Math.Min(130, Series.Max(series => Drawing.WidthOf(series.Name)) + 10);

    private Markup Names(Axis up, double right)
    {
        if (Series.Count < 2 || NamesBelow)
        {
            return Markup.Empty;
        }

        var places = EndLabels.Spread([.. Series.Select(series => up.At(series.Points[^1].Y))], Top + 4, Height - 44);
        return Markup.Join(Series.Select((series, i) => Markup.Of(
            $"""<text class="{Drawing.Style(i)} label" x="{right + 8}" y="{places[i] + 4}">{Drawing.Fitting(series.Name, NamesWidth())}</text>""")));
    }

    private static Markup Line(LineSeries series, int number, Axis across, Axis up)
    {
        var points = Thinned(series.Points);
        var line = Path(points.Select(point => (across.At(point.X), up.At(point.Y))));
        var marks = points.Count <= 30
            ? points.Select(point => Markup.Of($"""<circle cx="{across.At(point.X)}" cy="{up.At(point.Y)}" r="2.5"/>"""))
            : [];
        return Markup.Of($"""<g class="{Drawing.Style(number)}">{Intervals(points, number, across, up)}<path class="line" d="{line}"/>{marks}</g>""");
    }

    private static Markup Intervals(IReadOnlyList<LinePoint> points, int number, Axis across, Axis up)
    {
        var known = points.Where(point => point.Interval is not null).ToList();
        if (known.Count == points.Count && known.Count > 1)
        {
            var band = Path([
                .. known.Select(point => (across.At(point.X), up.At(point.Interval!.High))),
                .. known.AsEnumerable().Reverse().Select(point => (across.At(point.X), up.At(point.Interval!.Low))),
            ]);
            return Markup.Of($"""<path class="band" d="{band}Z"/>""");
        }

        // Beside each other where lines are near each other.
        return Markup.Join(known.Select(point => Markup.Of(
            $"""<path class="bar" d="M{across.At(point.X) + (number * BarSpace)} {up.At(point.Interval!.Low)}V{up.At(point.Interval.High)}"/>""")));
    }

    private static string Path(IEnumerable<(double X, double Y)> points)
    {
        var path = new StringBuilder();
        foreach (var (x, y) in points)
        {
            path.Append(path.Length == 0 ? 'M' : 'L').Append(CultureInfo.InvariantCulture, $"{x:0.#} {y:0.#}");
        }

        return path.ToString();
    }

    /// <summary>Of many, the lowest and the highest of each stretch, so that no outlier is lost.</summary>
    internal static IReadOnlyList<LinePoint> Thinned(IReadOnlyList<LinePoint> points)
    {
        if (points.Count <= MostPoints)
        {
            return points;
        }

        var stretch = (int)Math.Ceiling(points.Count / (MostPoints / 2.0));
        return [points[0], .. points.Skip(1).SkipLast(1).Chunk(stretch).SelectMany(chunk => new[] { chunk.MinBy(point => point.Y), chunk.MaxBy(point => point.Y) }.Distinct().OrderBy(point => point.X)), points[^1]];
    }
}
