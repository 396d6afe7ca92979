namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>
/// Whom each item counts among its own (Zhong et al. 2017, eq. 1–3; spec of AlignedReID §11): the items that are among each other's nearest, and of each of these its own such items by half as many
/// neighbors, where more than two thirds of them are among the first already. Compared is with the first, not with what has been added.
/// </summary>
internal static class KReciprocalNeighbors
{
    private const int MostOnStack = 64;

    /// <summary>In ascending order.</summary>
    public static int[][] Of(NearestItems nearest, int known, int half, CancellationToken stop)
    {
        var (all, halves) = (new int[nearest.Count][], new int[nearest.Count][]);
        var options = new ParallelOptions { CancellationToken = stop };
        Parallel.For(0, all.Length, options, item => halves[item] = Mutual(nearest, item, half));
        Parallel.For(0, all.Length, options, item => all[item] = Expanded(Mutual(nearest, item, known), halves));
        return all;
    }

    private static int[] Expanded(int[] own, int[][] halves)
    {
        List<int> all = [.. own];
        foreach (var candidate in own)
        {
            var (theirs, shared) = (halves[candidate], 0);
            foreach (var one in theirs)
            {
                shared += own.AsSpan().Contains(one) ? 1 : 0;
            }

            if (3 * shared > 2 * theirs.Length)
            {
                all.AddRange(theirs);
            }
        }

        all.Sort();
        return [.. all.Where((item, place) => place == 0 || item != all[place - 1])];
    }

    /// <summary>Of an item's first, those that have it among their own first.</summary>
    private static int[] Mutual(NearestItems nearest, int item, int first)
    {
        Span<int> found = stackalloc int[MostOnStack];
        found = first <= MostOnStack ? found : new int[first];
        var count = 0;
        foreach (var other in nearest.Of(item, first))
        {
            if (nearest.Of(other, first).Contains(item))
            {
                found[count++] = other;
            }
        }

        return found[..count].ToArray();
    }
}
