using ReidCloud.GpuRunner.Data;
using ReidCloud.Specs;

namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>
/// The mini-batches that one camera's statistics stand on: of all its frames among some items, each once, in random order, at most so many batches, and none that is not full (spec of CBN §4). A camera
/// with fewer frames than that has one batch or none, as the spec says.
/// </summary>
/// <param name="Frames">How many frames the camera has.</param>
/// <param name="IsSmall">It has fewer than a mini-batch.</param>
internal sealed record CameraBatches(int Camera, int Frames, bool IsSmall, IReadOnlyList<int[]> Batches)
{
    /// <summary>How many frames are looked at.</summary>
    public int Gathered => Batches.Sum(batch => batch.Length);

    /// <summary>Of every camera that saw one of the items, in ascending order.</summary>
    public static IReadOnlyList<CameraBatches> Of(CameraStatisticsSpec spec, ItemSet set, IReadOnlyList<RetrievalItem> items, long seed) =>
    [
        .. items.GroupBy(item => item.Sighting.Camera).OrderBy(camera => camera.Key).Select(camera => Of(
            spec,
            camera.Key,
            [.. camera.SelectMany(item => item.Frames).Distinct().Order()],
            Seeding.Stream(seed, "camera-statistics", (long)set.Split, (long)set.Medium, set.Frames, camera.Key))),
    ];

    private static CameraBatches Of(CameraStatisticsSpec spec, int camera, int[] frames, RandomStream order)
    {
        order.Shuffle<int>(frames);
        var isSmall = frames.Length < spec.BatchSize;
        IReadOnlyList<int[]> batches = (isSmall, spec.SmallCameras) switch
        {
            (true, SmallCameras.OneBatch) => [frames],
            (true, SmallCameras.Untouched) => [],
            _ => [.. frames.Chunk(spec.BatchSize).Where(batch => batch.Length == spec.BatchSize).Take(spec.Batches)],
        };
        return new CameraBatches(camera, frames.Length, isSmall, batches);
    }
}
