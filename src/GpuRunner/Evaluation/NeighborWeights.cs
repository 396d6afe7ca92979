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

    /// <summary>The mean of some rows: for each item, their weights are added in the order of the rows.</summary>
    public static NeighborWeights Mean(ReadOnlySpan<int> rows, NeighborWeights[] all)
    {
        var count = 0;
        foreach (var row in rows)
        {
            count += all[row].Items.Length;
        }

        var (places, weights, filled) = (new long[count], new float[count], 0);
        foreach (var row in rows)
        {
            for (var i = 0; i < all[row].Items.Length; i++, filled++)
            {
                (places[filled], weights[filled]) = (((long)all[row].Items[i] << 32) | (uint)filled, all[row].Weights[i]);
            }
        }

        Array.Sort(places, weights);
        var (items, means) = (new List<int>(count), new List<float>(count));
        for (var at = 0; at < count;)
        {
            var (item, sum) = ((int)(places[at] >> 32), 0.0);
            for (; at < count && (int)(places[at] >> 32) == item; at++)
            {
                sum += weights[at];
            }

            items.Add(item);
            means.Add((float)(sum / rows.Length));
        }

        return new NeighborWeights([.. items], [.. means]);
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
