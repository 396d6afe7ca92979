using ReidCloud.Datasets;
using ReidCloud.Specs;

namespace ReidCloud.GpuRunner.Data;

/// <summary>
/// Draws training batches: identities, tracklets, views, parts and augmentations. Everything random comes from streams named by the batch's
/// epoch and step, and by set and view, so that a batch depends on nothing else. For any number of threads.
/// </summary>
internal sealed class BatchPlanner
{
    private readonly TrainSpec _spec;
    private readonly IReadOnlyList<Camera> _cameras;
    private readonly TrainingSplit _split;
    private readonly IdentitySampler _sampler;
    private readonly Augmentations _augmentations;
    private readonly FrameCrops _crops;
    private readonly Lock _planning = new();
    private readonly Dictionary<int, Draw[][]> _plans = [];

    /// <param name="pictures">Frames as the data set has them.</param>
    public BatchPlanner(TrainSpec spec, DatasetManifest manifest, Func<int, RgbImage> pictures)
    {
        _spec = spec;
        _cameras = manifest.Cameras;
        _split = new TrainingSplit(manifest);
        _sampler = new IdentitySampler(_split, spec.Sampling, spec.Seed);
        _augmentations = new Augmentations(spec.Input, spec.Augmentation);
        _crops = new FrameCrops(spec.Input, spec.Augmentation, pictures);
    }

    public int StepsIn(int epoch) => Draws(epoch).Length;

    /// <exception cref="SpecException">Camera by camera, too little is left of the batch to learn from.</exception>
    public PlannedBatch Plan(int epoch, int step)
    {
        var draws = Draws(epoch)[step];
        View[][] chosen = [.. draws.Select((draw, set) => Views(epoch, step, set, draw))];
        var remaining = Remaining(epoch, step, draws, chosen);
        var places = remaining?.Places_B ?? [.. Enumerable.Range(0, draws.Length)];
        PlannedFrame[] frames_BV =
        [
            .. places.SelectMany(set => chosen[set].Select((seen, view) => new PlannedFrame(
                seen.Frame, seen.Camera, _cameras[seen.Camera].Modality, null, _augmentations.Draw(Seeding.Stream(_spec.Seed, "augmentation", epoch, step, set, view), _cameras[seen.Camera].Modality)))),
        ];
        var views = _spec.Method.SampledViews;
        CutParts(epoch, step, places, views, frames_BV);
        return new PlannedBatch(places.Length, views, frames_BV, Array.ConvertAll(places, set => (long)draws[set].Label)) { Remaining = remaining };
    }

    /// <summary>Which sets can be normalised camera by camera, by each network that sees them; null where all can, or nobody asks.</summary>
    private RemainingSets? Remaining(int epoch, int step, Draw[] draws, View[][] chosen)
    {
        if (_spec.CameraBatchNorm is not { } byCamera)
        {
            return null;
        }

        int[] cameras_BV = [.. chosen.SelectMany(views => views).Select(view => view.Camera)];
        var kept = _spec.Method is ViewDistillationSpec distillation
            ? CameraGroups.Kept(draws.Length, byCamera.LeastFrames, cameras_BV, [.. StudentViews.Draw(_spec.Seed, distillation, draws.Length, epoch, step).Select((view, at) => chosen[at / distillation.StudentViews][view].Camera)])
            : CameraGroups.Kept(draws.Length, byCamera.LeastFrames, cameras_BV);
        if (kept.Select(set => draws[set].Label).Distinct().Count() < 2)
        {
            var cameras = cameras_BV.CountBy(camera => camera).OrderBy(camera => camera.Key).Select(camera => $"{_cameras[camera.Key].Name} ({camera.Value})");
            throw new SpecException(
                "$.sampling",
                $"epoch {epoch + 1}, step {step + 1}: camera batch norm leaves sets out whose camera has fewer than {byCamera.LeastFrames} frames in the batch, and then fewer than two identities remain of {draws.Length} sets. "
                + $"Its cameras, with their frames: {string.Join(", ", cameras)}. Make batches larger, so that several frames are of one camera, or leave $.cameraBatchNorm out");
        }

        return kept.Length == draws.Length ? null : new RemainingSets(draws.Length, kept);
    }

    private View[] Views(int epoch, int step, int set, Draw draw) => ViewSelections.Select(
        _spec.Sampling.Views,
        _split.Tracklets[draw.Label][draw.Tracklet],
        _split.Tracklets[draw.Label],
        _spec.Method.SampledViews,
        Seeding.Stream(_spec.Seed, "views", epoch, step, set));

    /// <summary>A part is decoded anew, which is work for all cores.</summary>
    private void CutParts(int epoch, int step, int[] places, int views, PlannedFrame[] frames_BV)
    {
        if (_spec.Augmentation.CropProbability > 0)
        {
            FrameTensor.InParallel(frames_BV.Length, at => frames_BV[at] = frames_BV[at] with
            {
                Part = _crops.Draw(frames_BV[at].Frame, Seeding.Stream(_spec.Seed, "crop", epoch, step, places[at / views], at % views)),
            });
        }
    }

    /// <summary>Epochs follow each other, and the next one begins while the last batches of one are still made.</summary>
    private Draw[][] Draws(int epoch)
    {
        lock (_planning)
        {
            if (!_plans.TryGetValue(epoch, out var draws))
            {
                foreach (var far in _plans.Keys.Where(planned => Math.Abs(planned - epoch) > 1).ToList())
                {
                    _plans.Remove(far);
                }

                _plans[epoch] = draws = _sampler.Plan(epoch);
            }

            return draws;
        }
    }
}
