namespace ReidCloud.Reports;

/// <summary>
/// Error bars of means over queries: the percentile bootstrap (Efron 1979). Queries are drawn again and again with replacement, and of the means that come out
/// 95 % lie in the interval. The same values, order and seed give the same interval everywhere.
/// </summary>
public static class Bootstrap
{
    public const int Resamples = 2000;

    private const double Tail = 0.025;

    public static Interval OfMean(IReadOnlyList<double> values, long seed) => OfMeans([values], seed)[0];

    /// <summary>Intervals of the means of several figures of the same queries, all over the same draws.</summary>
    /// <param name="figures">Of each figure one value a query; at least one query.</param>
    public static IReadOnlyList<Interval> OfMeans(IReadOnlyList<IReadOnlyList<double>> figures, long seed)
    {
        double[][] values = [.. figures.Select(figure => figure.ToArray())];
        var queries = values[0].Length;
        ArgumentOutOfRangeException.ThrowIfZero(queries, nameof(figures));
        foreach (var figure in values)
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(figure.Length, queries, nameof(figures));
        }

        double[][] means = [.. values.Select(_ => new double[Resamples])];
        var draws = new ResamplingDraws(seed);
        var drawn = new int[queries];
        for (var resample = 0; resample < Resamples; resample++)
        {
            for (var i = 0; i < queries; i++)
            {
                drawn[i] = draws.Next(queries);
            }

            for (var figure = 0; figure < values.Length; figure++)
            {
                var sum = 0.0;
                foreach (var query in drawn)
                {
                    sum += values[figure][query];
                }

                means[figure][resample] = sum / queries;
            }
        }

        return [.. means.Select(Middle)];
    }

    /// <summary>Between the quantiles, which are interpolated between their neighbors.</summary>
    private static Interval Middle(double[] means)
    {
        Array.Sort(means);
        return new Interval(Quantile(means, Tail), Quantile(means, 1 - Tail));
    }

    private static double Quantile(double[] sorted, double share)
    {
        var place = share * (sorted.Length - 1);
        var below = (int)place;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((place - below) * (sorted[above] - sorted[below]));
    }
}
