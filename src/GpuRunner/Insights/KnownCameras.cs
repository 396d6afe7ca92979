using ReidCloud.Datasets;
using ReidCloud.GpuRunner.Evaluation;
using ReidCloud.GpuRunner.Models;
using ReidCloud.Reports;
using ReidCloud.Specs;

namespace ReidCloud.GpuRunner.Insights;

/// <summary>
/// Queries that a camera of the training saw, and others, in the part of the gallery that such cameras saw and in the rest: what a network does with cameras that are new to it. Cameras
/// of another data set are all new; what initial weights knew does not count.
/// </summary>
internal static class KnownCameras
{
    /// <summary>Null where that is not known: of pushed weights, or of a data set without cameras.</summary>
    public static IReadOnlySet<int>? Of(DatasetManifest manifest, TrainedModel trained) =>
        trained.Head is not { Spec: var spec } || !manifest.HasCameras ? null
        : spec.Dataset == manifest.Name ? CameraPart.Trained(CameraPart.Of(manifest, spec)).ToHashSet()
        : new HashSet<int>();

    /// <summary>Of each kind that has a query with a match, known before new; none where the training knew every camera.</summary>
    public static IReadOnlyList<KnownCameraFigures> Measure(
        RetrievalSetting setting, SearchedSets sets, IReadOnlySet<int> known, EvaluationSpec spec, Action beat, CancellationToken stop)
    {
        if (sets.Queries.Sightings.Concat(sets.Gallery.Sightings).All(seen => known.Contains(seen.Camera)))
        {
            return [];
        }

        bool[] kinds = [true, false];
        var sums = GalleryParts.Measure(
            sets.Queries, sets.Gallery,
            Array.ConvertAll(sets.Queries.Sightings, seen => known.Contains(seen.Camera) ? 0 : 1),
            [.. kinds.Select(isKnown => sets.Gallery.Sightings.Index().Where(item => known.Contains(item.Item.Camera) == isKnown).Select(item => item.Index).ToArray())],
            spec, beat, stop);
        return
        [
            .. from query in Enumerable.Range(0, sums.GetLength(0))
               from part in Enumerable.Range(0, sums.GetLength(1))
               let sum = sums[query, part]
               where sum.Queries > 0
               select new KnownCameraFigures(setting, kinds[query], kinds[part], sum.Queries, sum.Rank1!.Value, sum.Map!.Value),
        ];
    }
}
