using System.Diagnostics;

namespace ReidCloud.Benchmarks;

/// <summary>
/// Two ways to do the same, measured turn by turn: what else the machine does disturbs neighbors alike, so the ratio is the median of neighbors' ratios, which
/// moves less than either time.
/// </summary>
internal static class Turns
{
    /// <param name="ours">Does it once and says how many seconds that took.</param>
    public static Figure Seconds(string what, Func<double> ours, string against, Func<double> theirs, int turns, int warmup = 1)
    {
        var pairs = new List<(double Ours, double Theirs)>();
        for (var turn = -warmup; turn < turns; turn++)
        {
            var pair = (ours(), theirs());
            if (turn >= 0)
            {
                pairs.Add(pair);
            }
        }

        return new Figure(what, Median(pairs.Select(pair => pair.Ours)), against, Median(pairs.Select(pair => pair.Theirs)), "s")
        {
            Ratio = Median(pairs.Select(pair => pair.Ours / pair.Theirs)),
        };
    }

    public static double Time(Action work)
    {
        var begun = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[(sorted.Count / 2) - 1] + sorted[sorted.Count / 2]) / 2;
    }
}
