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
    private (int Epoch, Draw[][] Batches)? _plan;

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

    public int StepsPerEpoch => _sampler.BatchesPerEpoch;

    public PlannedBatch Plan(int epoch, int step)
    {
        var draws = Draws(epoch)[step];
        var views = _spec.Method.SampledViews;
        var frames_BV = new PlannedFrame[draws.Length * views];
        foreach (var (set, draw) in draws.Index())
        {
            foreach (var (view, chosen) in Views(epoch, step, set, draw).Index())
            {
                frames_BV[(set * views) + view] = new PlannedFrame(
                    chosen.Frame, chosen.Camera, _cameras[chosen.Camera].Modality, null, _augmentations.Draw(Seeding.Stream(_spec.Seed, "augmentation", epoch, step, set, view)));
            }
        }

        CutParts(epoch, step, views, frames_BV);
        return new PlannedBatch(draws.Length, views, frames_BV, Array.ConvertAll(draws, draw => (long)draw.Label));
    }

    private View[] Views(int epoch, int step, int set, Draw draw) => ViewSelections.Select(
        _spec.Sampling.Views,
        _split.Tracklets[draw.Label][draw.Tracklet],
        _split.Tracklets[draw.Label],
        _spec.Method.SampledViews,
        Seeding.Stream(_spec.Seed, "views", epoch, step, set));

    /// <summary>A part is decoded anew, which is work for all cores.</summary>
    private void CutParts(int epoch, int step, int views, PlannedFrame[] frames_BV)
    {
        if (_spec.Augmentation.CropProbability > 0)
        {
            FrameTensor.InParallel(frames_BV.Length, at => frames_BV[at] = frames_BV[at] with
            {
                Part = _crops.Draw(frames_BV[at].Frame, Seeding.Stream(_spec.Seed, "crop", epoch, step, at / views, at % views)),
            });
        }
    }

    private Draw[][] Draws(int epoch)
    {
        lock (_planning)
        {
            if (_plan?.Epoch != epoch)
            {
                _plan = (epoch, _sampler.Plan(epoch));
            }

            return _plan!.Value.Batches;
        }
    }
}
