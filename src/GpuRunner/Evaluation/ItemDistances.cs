namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>Distances among some items: whole rows, tile by tile, as often as is asked; and those of single pairs.</summary>
internal sealed record ItemDistances(int Count, Func<CancellationToken, IEnumerable<DistanceTile>> Rows, Func<int[], int[], float[]> Pairs)
{
    public static ItemDistances Of(ComparableFeatures items, int distancesPerTile = DistanceTiles.Usual) => new(
        items.Count, stop => DistanceTiles.Of(items, items.Count, items, distancesPerTile, stop), (one, other) => items.OfPairs(one, items, other));
}
