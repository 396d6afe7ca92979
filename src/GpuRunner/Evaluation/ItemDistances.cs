namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>
/// Distances among some items: of each to itself and to those behind it, tile by tile as <see cref="DistanceTiles.Among"/> has them, as often as is asked; and those of single pairs.
/// </summary>
internal sealed record ItemDistances(int Count, Func<CancellationToken, IEnumerable<DistanceTile>> Onward, Func<int[], int[], float[]> Pairs)
{
    public static ItemDistances Of(ComparableFeatures items, int? distancesPerTile = null) => new(
        items.Count, stop => DistanceTiles.Among(items, distancesPerTile, stop), (one, other) => items.OfPairs(one, items, other));
}
