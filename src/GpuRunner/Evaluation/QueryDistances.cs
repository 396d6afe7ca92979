namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>Distances of the first of the queries to the gallery, kept as those among all items go by: of so many queries as there is room for.</summary>
internal sealed class QueryDistances
{
    private readonly int _queries;
    private readonly int _gallery;
    private readonly float[] _distances_QG;

    /// <param name="room">For so many distances.</param>
    public QueryDistances(int queries, int gallery, int room)
    {
        (_queries, _gallery) = (queries, gallery);
        Count = Math.Min(queries, room / Math.Max(1, gallery));
        _distances_QG = GC.AllocateUninitializedArray<float>(Count * gallery);
    }

    /// <summary>The queries whose distances are kept.</summary>
    public int Count { get; }

    public Span<float> Row(int query) => _distances_QG.AsSpan(query * _gallery, _gallery);

    /// <summary>Hands on the distances among all items, the queries in front.</summary>
    public IEnumerable<DistanceTile> Kept(IEnumerable<DistanceTile> onward)
    {
        foreach (var tile in onward)
        {
            Parallel.For(0, Math.Clamp(Count - tile.First, 0, tile.Count), row => tile.Row(row)[(_queries - tile.First)..].CopyTo(Row(tile.First + row)));
            yield return tile;
        }
    }

    /// <param name="distances">At most so many in a tile, but at least a row.</param>
    public IEnumerable<DistanceTile> Tiles(int distances)
    {
        var rows = Math.Max(1, distances / Math.Max(1, _gallery));
        for (var first = 0; first < Count; first += rows)
        {
            var count = Math.Min(rows, Count - first);
            yield return new DistanceTile(first, count, _distances_QG.AsMemory(first * _gallery, count * _gallery));
        }
    }
}
