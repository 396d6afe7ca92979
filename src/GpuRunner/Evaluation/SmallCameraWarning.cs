using ReidCloud.Datasets;
using ReidCloud.Specs;

namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>Which cameras have fewer frames than a mini-batch, and what became of them: the reference program says nothing, and its figures are then of garbage (spec of CBN §9).</summary>
internal static class SmallCameraWarning
{
    private const int MostNamed = 10;

    /// <summary>Null where there are none.</summary>
    public static string? Of(CameraStatisticsSpec spec, ItemSet set, IReadOnlyList<CameraBatches> cameras, IReadOnlyList<Camera> names)
    {
        List<CameraBatches> small = [.. cameras.Where(camera => camera.IsSmall)];
        if (small.Count == 0)
        {
            return null;
        }

        var named = string.Join(", ", small.Take(MostNamed).Select(camera => $"{names[camera.Camera].Name} ({camera.Frames} {(camera.Frames == 1 ? "frame" : "frames")})"));
        var more = small.Count > MostNamed ? $" and {small.Count - MostNamed} more" : "";
        return $"camera statistics of {set.Title}: fewer frames than a mini-batch of {spec.BatchSize} have {named}{more}; " + spec.SmallCameras switch
        {
            SmallCameras.OneBatch => "all that each of them has is its one mini-batch"
                + (small.Any(camera => camera.Frames == 1) ? ", a single frame together with its mirror image" : "") + ", so its statistics are rough",
            SmallCameras.Untouched => "nothing is gathered of them, so their statistics are mean 0 and variance 1, and what is found with them says nothing of the model; ask for smallCameras 'one-batch'",
        };
    }
}
