using ReidCloud.Specs;

namespace ReidCloud.Reports;

/// <summary>
/// Whether one of two models is better on the same queries: the mean difference, its bootstrap interval over the pairs, and a two-sided sign-flip test
/// (Fisher's randomization test for pairs): were neither better, each difference would have either sign with the same chance. With few differing queries all
/// signs are tried, otherwise <see cref="Flips"/> drawn ones. Seeded, so that the same values give the same figures everywhere.
/// </summary>
public static class PairedTest
{
    public const int Flips = 4999;

    /// <summary>2¹² sign patterns are fewer than the drawn ones.</summary>
    private const int MostEnumerated = 12;

    /// <summary>Sums of the same numbers in another order differ by less.</summary>
    private const double Rounding = 1e-12;

    /// <summary>Differences of one figure. Positive: <paramref name="ours"/> are higher.</summary>
    /// <param name="metric">The figure's name: one of <see cref="ReportMetric.All"/>.</param>
    /// <param name="ours">One value a query, at least one.</param>
    /// <param name="theirs">Of the same queries, in the same order.</param>
    public static PairedDifference Of(RetrievalSetting setting, string metric, IReadOnlyList<double> ours, IReadOnlyList<double> theirs, long seed)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(theirs.Count, ours.Count);
        double[] differences = [.. ours.Zip(theirs, (one, other) => one - other)];
        return new PairedDifference(setting, metric, differences.Average(), Bootstrap.OfMean(differences, seed), PValue(differences, seed));
    }

    /// <summary>How likely chance alone brings a mean at least as far from 0.</summary>
    internal static double PValue(IReadOnlyList<double> differences, long seed)
    {
        double[] sizes = [.. differences.Where(difference => difference != 0).Select(Math.Abs)];
        var reached = Math.Abs(differences.Sum()) - (Rounding * sizes.Sum());
        return sizes.Length == 0 ? 1
            : sizes.Length <= MostEnumerated ? Enumerated(sizes, reached)
            : Drawn(sizes, reached, seed);
    }

    private static double Enumerated(double[] sizes, double reached)
    {
        var patterns = 1 << sizes.Length;
        var asFar = Enumerable.Range(0, patterns).Count(signs => Math.Abs(Sum(sizes, (ulong)signs)) >= reached);
        return (double)asFar / patterns;
    }

    /// <summary>What was seen counts as one of the draws, so that the answer is never 0 (Phipson and Smyth 2010).</summary>
    private static double Drawn(double[] sizes, double reached, long seed)
    {
        var draws = new ResamplingDraws(~seed);
        var asFar = 1;
        for (var flip = 0; flip < Flips; flip++)
        {
            var sum = 0.0;
            for (var first = 0; first < sizes.Length; first += 64)
            {
                sum += Sum(sizes.AsSpan(first, Math.Min(64, sizes.Length - first)), draws.Next());
            }

            asFar += Math.Abs(sum) >= reached ? 1 : 0;
        }

        return asFar / (Flips + 1.0);
    }

    private static double Sum(ReadOnlySpan<double> sizes, ulong signs)
    {
        var sum = 0.0;
        foreach (var size in sizes)
        {
            sum += (signs & 1) == 0 ? size : -size;
            signs >>= 1;
        }

        return sum;
    }
}
