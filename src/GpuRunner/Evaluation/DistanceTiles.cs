namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>Distances of some queries, from the <see cref="First"/> on, to every gallery item.</summary>
internal readonly record struct DistanceTile(int First, int Count, float[] Distances_QG)
{
    public ReadOnlySpan<float> Row(int query) => Distances_QG.AsSpan(query * (Distances_QG.Length / Count), Distances_QG.Length / Count);
}

/// <summary>
/// Distances of queries to a gallery, whole rows for a few queries at a time, so that memory does not grow with their number: MSMT17's matrix alone would have
/// 3.8 GB.
/// </summary>
internal static class DistanceTiles
{
    public const int Usual = 1 << 22;

    /// <param name="distances">At most so many in a tile, but at least a row.</param>
    public static IEnumerable<DistanceTile> Of(EmbeddingSet queries, EmbeddingSet gallery, FeatureDistance distance, int distances, CancellationToken stop)
    {
        using var query = new ComparableFeatures(queries, distance);
        using var searched = new ComparableFeatures(gallery, distance);
        foreach (var tile in Of(query, query.Count, searched, distances, stop))
        {
            yield return tile;
        }
    }

    /// <summary>Of the first of the queries.</summary>
    public static IEnumerable<DistanceTile> Of(ComparableFeatures queries, int asked, ComparableFeatures gallery, int distances, CancellationToken stop)
    {
        var tile = Math.Max(1, distances / Math.Max(1, gallery.Count));
        for (var first = 0; first < asked; first += tile)
        {
            stop.ThrowIfCancellationRequested();
            var count = Math.Min(tile, asked - first);
            yield return new DistanceTile(first, count, queries.To(first, count, gallery));
        }
    }
}
