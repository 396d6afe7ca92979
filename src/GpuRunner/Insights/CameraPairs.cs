using ReidCloud.Datasets;
using ReidCloud.GpuRunner.Evaluation;
using ReidCloud.Reports;
using ReidCloud.Specs;

namespace ReidCloud.GpuRunner.Insights;

/// <summary>Standard mAP of each camera's queries in each camera's part of the gallery.</summary>
internal static class CameraPairs
{
    /// <summary>Of more, nobody sees anything in a picture: the busiest are taken.</summary>
    private const int MostCameras = 32;

    /// <summary>Every pair, in the order of the cameras' table; none where nothing is found anywhere.</summary>
    public static IReadOnlyList<CameraPairMap> Measure(
        EmbeddingSet queries, EmbeddingSet gallery, EvaluationSpec spec, IReadOnlyList<Camera> names, Action beat, CancellationToken stop)
    {
        var (asked, searched) = (Busiest(queries.Sightings), Busiest(gallery.Sightings));
        var rows = asked.Index().ToDictionary(camera => camera.Item, camera => camera.Index);
        var sums = GalleryParts.Measure(
            queries, gallery,
            Array.ConvertAll(queries.Sightings, seen => rows.GetValueOrDefault(seen.Camera, GalleryParts.NoGroup)),
            [.. searched.Select(camera => gallery.Sightings.Index().Where(item => item.Item.Camera == camera).Select(item => item.Index).ToArray())],
            spec, beat, stop);
        return sums.Cast<PartSum>().All(sum => sum.Queries == 0) ? [] :
        [
            .. rows.SelectMany(row => searched.Select((camera, column) => new CameraPairMap(
                names[row.Key].Name, names[camera].Name, sums[row.Value, column].Queries, sums[row.Value, column].Map))),
        ];
    }

    private static int[] Busiest(Sighting[] sightings) =>
        [.. sightings.CountBy(sighting => sighting.Camera).OrderByDescending(camera => camera.Value).ThenBy(camera => camera.Key).Take(MostCameras).Select(camera => camera.Key).Order()];
}
