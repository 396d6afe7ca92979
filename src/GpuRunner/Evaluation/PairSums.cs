using System.Numerics;

namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>Sums over the numbers of two features, in double precision.</summary>
internal static class PairSums
{
    public static double Products(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        var (sum, at) = (Vector<double>.Zero, 0);
        for (; at <= x.Length - Vector<float>.Count; at += Vector<float>.Count)
        {
            Vector.Widen(new Vector<float>(x[at..]), out var low, out var high);
            Vector.Widen(new Vector<float>(y[at..]), out var otherLow, out var otherHigh);
            sum += (low * otherLow) + (high * otherHigh);
        }

        var all = Vector.Sum(sum);
        for (; at < x.Length; at++)
        {
            all += (double)x[at] * y[at];
        }

        return all;
    }

    /// <summary>Of both times a number each.</summary>
    public static double SquaredDifferences(ReadOnlySpan<float> x, double scale, ReadOnlySpan<float> y, double otherScale)
    {
        var (sum, at) = (Vector<double>.Zero, 0);
        for (; at <= x.Length - Vector<float>.Count; at += Vector<float>.Count)
        {
            Vector.Widen(new Vector<float>(x[at..]), out var low, out var high);
            Vector.Widen(new Vector<float>(y[at..]), out var otherLow, out var otherHigh);
            (low, high) = ((low * scale) - (otherLow * otherScale), (high * scale) - (otherHigh * otherScale));
            sum += (low * low) + (high * high);
        }

        var all = Vector.Sum(sum);
        for (; at < x.Length; at++)
        {
            var difference = (x[at] * scale) - (y[at] * otherScale);
            all += difference * difference;
        }

        return all;
    }
}
