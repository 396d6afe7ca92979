namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>Distances of some items, from the <see cref="First"/> on, to every gallery item, or to every one from some place on. They hold until the next tile is asked for.</summary>
internal readonly record struct DistanceTile(int First, int Count, Memory<float> Distances_QG)
{
    public int Width => Distances_QG.Length / Count;

    public Span<float> Row(int query) => Distances_QG.Span.Slice(query * Width, Width);
}

/// <summary>
/// Distances of queries to a gallery, whole rows for as many queries at a time as a tile has room for, so that memory does not grow with their number: MSMT17's matrix alone would
/// have 3.8 GB.
/// </summary>
internal static class DistanceTiles
{
    /// <summary>Of so many items a copy is made for a product.</summary>
    private const int MostRows = 1 << 12;

    /// <summary>Where items are compared among themselves: a tile's pairs are computed twice.</summary>
    private const int MostRowsAmong = 1 << 10;

    /// <param name="distances">At most so many in a tile, but at least a row; null for as many as are best.</param>
    public static IEnumerable<DistanceTile> Of(EmbeddingSet queries, EmbeddingSet gallery, FeatureDistance distance, int? distances, CancellationToken stop)
    {
        using var query = new ComparableFeatures(queries, distance);
        using var searched = new ComparableFeatures(gallery, distance);
        foreach (var tile in Of(query, 0, query.Count, searched, 0, distances, stop))
        {
            yield return tile;
        }
    }

    /// <summary>Of some of the queries to the gallery from some place on.</summary>
    public static IEnumerable<DistanceTile> Of(ComparableFeatures queries, int begin, int end, ComparableFeatures gallery, int from, int? distances, CancellationToken stop)
    {
        var (width, room) = (gallery.Count - from, distances ?? queries.DistancesPerTile);
        var tile = Memory(room, end - begin, width);
        for (var first = begin; first < end;)
        {
            stop.ThrowIfCancellationRequested();
            var count = Math.Min(Math.Clamp(room / Math.Max(1, width), 1, MostRows), end - first);
            queries.To(first, count, gallery, from, tile);
            yield return new DistanceTile(first, count, tile.AsMemory(0, count * width));
            first += count;
        }
    }

    /// <summary>Each pair of items once: of each item the distances to itself and to those behind it, and in a tile's first columns those among its items.</summary>
    public static IEnumerable<DistanceTile> Among(ComparableFeatures items, int? distances, CancellationToken stop)
    {
        var room = distances ?? items.DistancesPerTile;
        var tile = Memory(room, Math.Min(MostRowsAmong, items.Count), items.Count);
        for (var first = 0; first < items.Count;)
        {
            stop.ThrowIfCancellationRequested();
            var width = items.Count - first;
            var count = Math.Min(Math.Clamp(room / width, 1, MostRowsAmong), width);
            items.To(first, count, items, first, tile);
            yield return new DistanceTile(first, count, tile.AsMemory(0, count * width));
            first += count;
        }
    }

    private static float[] Memory(int room, int rows, int width) =>
        GC.AllocateUninitializedArray<float>((int)Math.Max(width, Math.Min(room, (long)Math.Min(rows, MostRows) * width)));
}
