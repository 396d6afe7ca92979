using System.Numerics;
using System.Runtime.InteropServices;

namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>
/// Of each item its nearest, the nearest first, itself among them, with the squares of their distances; and the square of the farthest. Of equally near ones the first come
/// first. Each pair's distance is read once, for both of its items, and not kept.
/// </summary>
internal sealed class NearestItems
{
    private const int ColumnsAtOnce = 1 << 11;

    private readonly int _perItem;
    private readonly int[] _items_NK;
    private readonly float[] _squared_NK;
    private readonly int[] _found;

    /// <summary>Of each item, what is farther is none of its nearest any more.</summary>
    private readonly float[] _reach;

    private NearestItems(int count, int perItem)
    {
        (_perItem, Count) = (perItem, count);
        (_items_NK, _squared_NK, _found, _reach, Farthest) = (new int[count * perItem], new float[count * perItem], new int[count], new float[count], new float[count]);
        _reach.AsSpan().Fill(float.PositiveInfinity);
    }

    public int Count { get; }

    public float[] Farthest { get; }

    public ReadOnlySpan<int> Of(int item, int first) => _items_NK.AsSpan(item * _perItem, first);

    /// <summary>Null of one that is not among the nearest.</summary>
    public float? Squared(int item, int other) => Of(item, _perItem).IndexOf(other) is var at and >= 0 ? _squared_NK[(item * _perItem) + at] : null;

    /// <param name="square">Makes of distances their squares, in place.</param>
    /// <param name="beat">Is called after every tile.</param>
    public static NearestItems Find(ItemDistances all, int perItem, Action<Span<float>> square, Action? beat, CancellationToken stop)
    {
        var nearest = new NearestItems(all.Count, perItem);
        foreach (var tile in all.Onward(stop))
        {
            Parallel.For(0, tile.Count, row =>
            {
                var squared = tile.Row(row);
                square(squared);
                nearest.KeepOf(tile.First + row, squared, tile.First);
            });

            // What stands behind the tile's items has these as neighbors, too. It saw all before them, so an item meets the others in their order.
            var stripes = (tile.Width - tile.Count + ColumnsAtOnce - 1) / ColumnsAtOnce;
            Parallel.For(0, stripes, stripe =>
            {
                var begin = tile.Count + (stripe * ColumnsAtOnce);
                nearest.KeepFor(tile, begin, Math.Min(tile.Width, begin + ColumnsAtOnce));
            });
            beat?.Invoke();
        }

        return nearest;
    }

    /// <summary>A row: one item's neighbors from some place on.</summary>
    private void KeepOf(int item, ReadOnlySpan<float> squared, int from)
    {
        ref var first = ref MemoryMarshal.GetReference(squared);
        var (farthest, at) = (Vector<float>.Zero, 0);
        for (; at <= squared.Length - Vector<float>.Count; at += Vector<float>.Count)
        {
            var several = Vector.LoadUnsafe(ref first, (nuint)at);
            farthest = Vector.Max(farthest, several);
            if (Vector.LessThanOrEqualAny(several, new Vector<float>(_reach[item])))
            {
                for (var lane = 0; lane < Vector<float>.Count; lane++)
                {
                    Keep(item, from + at + lane, several[lane]);
                }
            }
        }

        for (var lane = 0; lane < Vector<float>.Count; lane++)
        {
            Farthest[item] = Math.Max(Farthest[item], farthest[lane]);
        }

        for (; at < squared.Length; at++)
        {
            Farthest[item] = Math.Max(Farthest[item], squared[at]);
            Keep(item, from + at, squared[at]);
        }
    }

    /// <summary>Columns: the items of the tile's rows as neighbors of some others.</summary>
    private void KeepFor(DistanceTile tile, int begin, int end)
    {
        for (var row = 0; row < tile.Count; row++)
        {
            var squared = tile.Row(row)[begin..end];
            ref var first = ref MemoryMarshal.GetReference(squared);
            ref var reach = ref _reach[tile.First + begin];
            ref var farthest = ref Farthest[tile.First + begin];
            var at = 0;
            for (; at <= squared.Length - Vector<float>.Count; at += Vector<float>.Count)
            {
                var several = Vector.LoadUnsafe(ref first, (nuint)at);
                Vector.Max(several, Vector.LoadUnsafe(ref farthest, (nuint)at)).StoreUnsafe(ref farthest, (nuint)at);
                if (Vector.LessThanOrEqualAny(several, Vector.LoadUnsafe(ref reach, (nuint)at)))
                {
                    for (var lane = 0; lane < Vector<float>.Count; lane++)
                    {
                        Keep(tile.First + begin + at + lane, tile.First + row, several[lane]);
                    }
                }
            }

            for (; at < squared.Length; at++)
            {
                var item = tile.First + begin + at;
                Farthest[item] = Math.Max(Farthest[item], squared[at]);
                Keep(item, tile.First + row, squared[at]);
            }
        }
    }

    private void Keep(int item, int other, float squared)
    {
        ref var found = ref _found[item];
        var kept = _squared_NK.AsSpan(item * _perItem, _perItem);
        var items = _items_NK.AsSpan(item * _perItem, _perItem);
        if (found == _perItem && !(squared < kept[^1]))
        {
            return;
        }

        var at = found < _perItem ? found++ : found - 1;
        for (; at > 0 && squared < kept[at - 1]; at--)
        {
            (kept[at], items[at]) = (kept[at - 1], items[at - 1]);
        }

        (kept[at], items[at]) = (squared, other);
        _reach[item] = found == _perItem ? kept[^1] : float.PositiveInfinity;
    }
}
