using ReidCloud.Reports;
using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>
/// Searches every query in the gallery. Distances are computed for a few queries at a time, so that memory does not grow with their number: MSMT17's
/// matrix alone would have 3.8 GB.
/// </summary>
internal static class Retrieval
{
    private const int DistancesPerTile = 1 << 22;

    /// <param name="keep">Is handed the distances, whole rows in the order of the queries, before they are ranked.</param>
    public static SettingMetrics Measure(
        RetrievalSetting setting,
        EmbeddingSet queries,
        EmbeddingSet gallery,
        DistanceMetric metric,
        RetrievalProtocol protocol,
        Action<ReadOnlyMemory<float>>? keep = null,
        CancellationToken stop = default)
    {
        var figures = new RetrievalFigures(gallery.Sightings.Length);
        var groups = protocol == RetrievalProtocol.Atrw ? new AtrwGroups(queries.Sightings) : null;
        foreach (var (query, ranks) in Rank(queries, gallery, metric, protocol, DistancesPerTile, keep, stop).Index())
        {
            figures.Add(ranks);
            groups?.Add(queries.Sightings[query], ranks);
        }

        return figures.Of(setting) with { Groups = groups?.Figures ?? [], MeanGroupMap = groups?.MeanMap };
    }

    internal static IEnumerable<QueryRanks> Rank(
        EmbeddingSet queries,
        EmbeddingSet gallery,
        DistanceMetric metric,
        RetrievalProtocol protocol,
        int distancesPerTile,
        Action<ReadOnlyMemory<float>>? keep = null,
        CancellationToken stop = default)
    {
        var tile = Math.Max(1, distancesPerTile / Math.Max(1, gallery.Sightings.Length));
        using var query_QD = Prepare(queries.Embedding_ND, metric);
        using var gallery_GD = Prepare(gallery.Embedding_ND, metric);
        for (var first = 0; first < queries.Sightings.Length; first += tile)
        {
            stop.ThrowIfCancellationRequested();
            var count = Math.Min(tile, queries.Sightings.Length - first);
            var distances_QG = Tile(query_QD, first, count, gallery_GD, metric);
            keep?.Invoke(distances_QG);
            foreach (var ranks in Ranking.RankAll(distances_QG, queries.Sightings.AsMemory(first, count), gallery.Sightings, protocol))
            {
                yield return ranks;
            }
        }
    }

    private static Tensor Prepare(Tensor embedding_ND, DistanceMetric metric)
    {
        using var scope = NewDisposeScope();
        return Distances.Prepare(embedding_ND, metric).DetachFromDisposeScope();
    }

    private static float[] Tile(Tensor query_QD, int first, int count, Tensor gallery_GD, DistanceMetric metric)
    {
        using var scope = NewDisposeScope();
        return Distances.Of(query_QD.narrow(0, first, count), gallery_GD, metric).cpu().data<float>().ToArray();
    }
}
