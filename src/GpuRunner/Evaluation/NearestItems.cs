namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>
/// Of each item its nearest, the nearest first, itself among them, with the squares of their distances; and the square of the farthest. Of equally near ones the first come
/// first. Rows of distances are read once and not kept.
/// </summary>
internal sealed class NearestItems
{
    private readonly int _perItem;
    private readonly int[] _items_NK;
    private readonly float[] _squared_NK;

    private NearestItems(int count, int perItem)
    {
        (_perItem, Count) = (perItem, count);
        (_items_NK, _squared_NK, Farthest) = (new int[count * perItem], new float[count * perItem], new float[count]);
    }

    public int Count { get; }

    public float[] Farthest { get; }

    public ReadOnlySpan<int> Of(int item, int first) => _items_NK.AsSpan(item * _perItem, first);

    /// <summary>Null of one that is not among the nearest.</summary>
    public float? Squared(int item, int other) => Of(item, _perItem).IndexOf(other) is var at and >= 0 ? _squared_NK[(item * _perItem) + at] : null;

    /// <param name="beat">Is called after every tile.</param>
    public static NearestItems Find(ItemDistances all, int perItem, Func<float, float> squared, Action? beat, CancellationToken stop)
    {
        var nearest = new NearestItems(all.Count, perItem);
        foreach (var tile in all.Rows(stop))
        {
            Parallel.For(0, tile.Count, row => nearest.Keep(tile.First + row, tile.Distances_QG.AsSpan(row * all.Count, all.Count), squared));
            beat?.Invoke();
        }

        return nearest;
    }

    /// <param name="distances">Are squared in place.</param>
    private void Keep(int item, Span<float> distances, Func<float, float> squared)
    {
        foreach (ref var distance in distances)
        {
            distance = squared(distance);
            Farthest[item] = Math.Max(Farthest[item], distance);
        }

        Smallest.Of(distances, _items_NK.AsSpan(item * _perItem, _perItem), _squared_NK.AsSpan(item * _perItem, _perItem));
    }
}
