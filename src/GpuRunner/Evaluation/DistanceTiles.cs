using ReidCloud.Specs;
using static TorchSharp.torch;

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
    public static IEnumerable<DistanceTile> Of(EmbeddingSet queries, EmbeddingSet gallery, DistanceMetric metric, int distances, CancellationToken stop)
    {
        var tile = Math.Max(1, distances / Math.Max(1, gallery.Sightings.Length));
        using var query_QD = Prepare(queries.Embedding_ND, metric);
        using var gallery_GD = Prepare(gallery.Embedding_ND, metric);
        for (var first = 0; first < queries.Sightings.Length; first += tile)
        {
            stop.ThrowIfCancellationRequested();
            var count = Math.Min(tile, queries.Sightings.Length - first);
            yield return new DistanceTile(first, count, Between(query_QD, first, count, gallery_GD, metric));
        }
    }

    private static Tensor Prepare(Tensor embedding_ND, DistanceMetric metric)
    {
        using var scope = NewDisposeScope();
        return Distances.Prepare(embedding_ND, metric).DetachFromDisposeScope();
    }

    private static float[] Between(Tensor query_QD, int first, int count, Tensor gallery_GD, DistanceMetric metric)
    {
        using var scope = NewDisposeScope();
        return Distances.Of(query_QD.narrow(0, first, count), gallery_GD, metric).cpu().data<float>().ToArray();
    }
}
