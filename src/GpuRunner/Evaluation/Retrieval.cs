using ReidCloud.Reports;
using ReidCloud.Specs;

namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>Searches every query in the gallery.</summary>
internal static class Retrieval
{
    /// <param name="seed">Of the error bars.</param>
    /// <param name="keep">Is handed the distances, whole rows in the order of the queries, before they are ranked.</param>
    public static SettingFigures Measure(
        RetrievalSetting setting,
        EmbeddingSet queries,
        EmbeddingSet gallery,
        DistanceMetric metric,
        RetrievalProtocol protocol,
        long seed,
        Action<ReadOnlyMemory<float>>? keep = null,
        CancellationToken stop = default)
    {
        var figures = new RetrievalFigures(gallery.Sightings.Length);
        var groups = protocol == RetrievalProtocol.Atrw ? new AtrwGroups(queries.Sightings) : null;
        foreach (var (query, ranks) in Rank(queries, gallery, metric, protocol, DistanceTiles.Usual, keep, stop).Index())
        {
            figures.Add(ranks);
            groups?.Add(queries.Sightings[query], ranks);
        }

        return new SettingFigures(figures.Of(setting, seed) with { Groups = groups?.Figures ?? [], MeanGroupMap = groups?.MeanMap }, figures.Queries);
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
        foreach (var (first, count, distances_QG) in DistanceTiles.Of(queries, gallery, metric, distancesPerTile, stop))
        {
            keep?.Invoke(distances_QG);
            foreach (var ranks in Ranking.RankAll(distances_QG, queries.Sightings.AsMemory(first, count), gallery.Sightings, protocol))
            {
                yield return ranks;
            }
        }
    }
}
