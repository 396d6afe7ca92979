using System.Globalization;

namespace ReidCloud.Reports.Page.Charts;

/// <summary>Places on an axis that people find easy: multiples of 1, 2 or 5 times a power of ten.</summary>
internal sealed record Ticks(IReadOnlyList<double> Values, double Step)
{
    /// <summary>About so many between the two, ends included where they fall on one.</summary>
    public static Ticks Between(double from, double to, int about, bool whole = false)
    {
        var step = StepOf(to - from, about);
        return Every(whole ? Math.Max(1, Math.Round(step)) : step, from, to);
    }

    private static Ticks Every(double step, double from, double to)
    {
        var (first, last) = ((long)Math.Ceiling((from / step) - 1e-9), (long)Math.Floor((to / step) + 1e-9));
        return new Ticks([.. Enumerable.Range(0, (int)Math.Clamp(last - first + 1, 0, 1000)).Select(i => (first + i) * step)], step);
    }

    /// <summary>About so many, of which the first and the last have all of the range between them.</summary>
    public static Ticks Around(double from, double to, int about)
    {
        if (to - from < 1e-12)
        {
            var room = from == 0 ? 1 : Math.Abs(from) / 2;
            (from, to) = (from - room, to + room);
        }

        var step = StepOf(to - from, about);
        return Every(step, Math.Floor((from / step) + 1e-9) * step, Math.Ceiling((to / step) - 1e-9) * step);
    }

    public double From => Values[0];

    public double To => Values[^1];

    /// <summary>Without those that lie outside.</summary>
    public Ticks Within(double least, double most) => this with { Values = [.. Values.Where(value => value >= least - (Step / 1e6) && value <= most + (Step / 1e6))] };

    /// <summary>With as many digits as tell neighbors apart.</summary>
    public string Label(double value)
    {
        var shown = Math.Abs(value) < Step / 1e6 ? 0 : value;
        return Math.Max(Math.Abs(Values.FirstOrDefault()), Math.Abs(Values.LastOrDefault())) is >= 1e6 or < 1e-3
            ? shown == 0 ? "0" : shown.ToString("0.##e-0", CultureInfo.InvariantCulture)
            : shown.ToString(Step >= 1 ? "N0" : $"F{(int)Math.Ceiling(-Math.Log10(Step) - 1e-9)}", CultureInfo.InvariantCulture);
    }

    private static double StepOf(double span, int about)
    {
        var rough = Math.Max(span, 1e-12) / Math.Max(1, about);
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        return power * ((rough / power) switch { <= 1.0001 => 1, <= 2.0001 => 2, <= 5.0001 => 5, _ => 10 });
    }
}
