namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>A search: who is searched for in what, and the distances, whole rows, tile by tile, as often as they are read.</summary>
internal sealed record SearchedRows(Sighting[] Queries, Sighting[] Gallery, Func<CancellationToken, IEnumerable<DistanceTile>> Read)
{
    public static SearchedRows Of(EmbeddingSet queries, EmbeddingSet gallery, FeatureDistance distance, int? distancesPerTile = null) => new(
        queries.Sightings, gallery.Sightings, stop => DistanceTiles.Of(queries, gallery, distance, distancesPerTile, stop));
}
