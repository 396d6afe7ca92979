namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>A sparse row of the matrix V of k-reciprocal encoding (Zhong et al. 2017, eq. 7): the items that one item counts among its own, in ascending order, and how much. They sum to 1.</summary>
internal readonly record struct NeighborWeights(int[] Items, float[] Weights)
{
    /// <param name="squared">In the order of the items.</param>
    public static NeighborWeights Of(int[] items, ReadOnlySpan<float> squared)
    {
        var (weights, sum, nearest) = (new double[items.Length], 0.0, Min(squared));
        for (var i = 0; i < weights.Length; i++)
        {
            // Beside the nearest, so that not all of them vanish where distances are large.
            sum += weights[i] = Math.Exp(nearest - squared[i]);
        }

        return new NeighborWeights(items, Array.ConvertAll(weights, weight => (float)(weight / sum)));
    }

    /// <summary>The mean of some rows.</summary>
    public static NeighborWeights Mean(ReadOnlySpan<int> rows, NeighborWeights[] all)
    {
        var sums = new SortedDictionary<int, double>();
        foreach (var row in rows)
        {
            var (items, weights) = all[row];
            for (var i = 0; i < items.Length; i++)
            {
                sums[items[i]] = sums.GetValueOrDefault(items[i]) + weights[i];
            }
        }

        var count = rows.Length;
        return new NeighborWeights([.. sums.Keys], [.. sums.Values.Select(sum => (float)(sum / count))]);
    }

    private static float Min(ReadOnlySpan<float> numbers)
    {
        var min = float.PositiveInfinity;
        foreach (var number in numbers)
        {
            min = Math.Min(min, number);
        }

        return min;
    }
}
