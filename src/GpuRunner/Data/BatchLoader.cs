using ReidCloud.Datasets;
using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Data;

/// <summary>
/// Composes training batches and works ahead: while one is trained on, the next ones are planned, decoded and augmented on other threads.
/// </summary>
internal sealed class BatchLoader : BatchSource
{
    private readonly TrainSpec _spec;
    private readonly BatchPlanner _planner;
    private readonly Augmentations _augmentations;
    private readonly FrameCache _frames;
    private readonly ReadAhead<Batch> _ahead;

    /// <param name="pictures">Frames as the data set has them.</param>
    public BatchLoader(TrainSpec spec, DatasetManifest manifest, FrameCache frames, Func<int, RgbImage> pictures)
    {
        (_spec, _frames) = (spec, frames);
        _planner = new BatchPlanner(spec, manifest, pictures);
        _augmentations = new Augmentations(spec.Input, spec.Augmentation);
        _ahead = new ReadAhead<Batch>(spec.Epochs, _planner.StepsIn, Compose);
    }

    public override int StepsIn(int epoch) => _planner.StepsIn(epoch);

    public override Batch Load(int epoch, int step) => _ahead.Take(epoch, step);

    public override void Dispose() => _ahead.Dispose();

    private Batch Compose(int epoch, int step)
    {
        var planned = _planner.Plan(epoch, step);
        var images_BVCHW = FrameTensor.Compose(planned.Sets, planned.Views, _spec.Input, (set, view, frame_CHW) =>
        {
            var frame = planned.Frames_BV[(set * planned.Views) + view];
            _augmentations.Apply(frame.Augmentation, frame.Seen_HWC(_frames), frame_CHW);
        });
        return new Batch(images_BVCHW, tensor(planned.Labels_B))
        {
            Cameras_BV = planned.Cameras_BV,
            Modalities_BV = planned.Modalities_BV,
            Remaining = planned.Remaining,
        };
    }
}
