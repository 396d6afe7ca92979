using ReidCloud.GpuRunner.Evaluation;
using ReidCloud.Reports;
using ReidCloud.Specs;

namespace ReidCloud.GpuRunner.Insights;

/// <summary>Queries and what they find first, with pictures, by one model or by two.</summary>
internal sealed class RankLists(EvaluationSpec spec, ItemNames names, Thumbnails pictures, CancellationToken stop)
{
    private const int Shown = 10;

    /// <summary>So that the last digits of single precision are not taken for something.</summary>
    private const int DistanceDigits = 6;

    public IReadOnlyList<RankList> Of(
        RetrievalItem[] queries, RetrievalItem[] gallery, SettingFigures figures, SearchedSets model, SettingFigures? otherFigures, SearchedSets? other)
    {
        var chosen = RankListChoice.Of(figures.Queries, otherFigures?.Queries);
        int[] asked = [.. chosen.Select(choice => choice.Query).Distinct().Order()];
        var found = Found(asked, model, gallery);
        var otherFound = other is null ? null : Found(asked, other, gallery);
        return
        [
            .. chosen.Select(choice => new RankList(
                choice.Kind, Item(queries[choice.Query], null, isMatch: false), figures.Queries[choice.Query]!.Value.MapStandard, found[choice.Query])
            {
                AgainstFound = otherFound?[choice.Query] ?? [],
                AgainstPrecisionStandard = otherFigures?.Queries[choice.Query]?.MapStandard,
            }),
        ];
    }

    private Dictionary<int, IReadOnlyList<RankedItem>> Found(int[] asked, SearchedSets model, RetrievalItem[] gallery)
    {
        using var queries = model.Queries.Only(asked);
        var found = new Dictionary<int, IReadOnlyList<RankedItem>>();
        foreach (var tile in DistanceTiles.Of(queries, model.Gallery, FeatureDistance.Of(spec), null, stop))
        {
            for (var row = 0; row < tile.Count; row++)
            {
                var (query, distances) = (queries.Sightings[tile.First + row], tile.Row(row).ToArray());
                var first = RankOrder.Of(distances, query, model.Gallery.Sightings, spec.Protocol).Take(Shown);
                found.Add(
                    asked[tile.First + row],
                    [.. first.Select(place => Item(gallery[place], Math.Round(distances[place], DistanceDigits), gallery[place].Sighting.Matches(query, spec.Protocol)))]);
            }
        }

        return found;
    }

    private RankedItem Item(RetrievalItem item, double? distance, bool isMatch) => new(
        names.Item(item), names.Identity(item.Sighting), names.Camera(item.Sighting), distance, isMatch, pictures.Of(item.Frames[0]));
}
