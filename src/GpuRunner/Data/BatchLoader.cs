using ReidCloud.Datasets;
using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Data;

/// <summary>
/// Composes training batches and works ahead: while one is trained on, the next ones are planned, decoded and augmented on other threads.
/// </summary>
internal sealed class BatchLoader : BatchSource
{
    /// <summary>
    /// Batches in the making besides the one asked for. A batch of MARS (8 × 4 × 8 frames) has 100 MB. Nothing decodes further ahead: all cores decode a batch's frames,
    /// several times faster than a GPU trains on them, and where the cores train themselves they would only be kept from it.
    /// </summary>
    private const int Ahead = 2;

    private readonly TrainSpec _spec;
    private readonly BatchPlanner _planner;
    private readonly Augmentations _augmentations;
    private readonly FrameCache _frames;
    private readonly Dictionary<(int Epoch, int Step), Task<Batch>> _begun = [];

    /// <param name="pictures">Frames as the data set has them.</param>
    public BatchLoader(TrainSpec spec, DatasetManifest manifest, FrameCache frames, Func<int, RgbImage> pictures)
    {
        (_spec, _frames) = (spec, frames);
        _planner = new BatchPlanner(spec, manifest, pictures);
        _augmentations = new Augmentations(spec.Input, spec.Augmentation);
    }

    public override int StepsPerEpoch => _planner.StepsPerEpoch;

    public override Batch Load(int epoch, int step)
    {
        var wanted = Begin(epoch, step);
        _begun.Remove((epoch, step));
        var coming = Coming(epoch, step).ToList();
        foreach (var left in _begun.Keys.Except(coming).ToList())
        {
            Discard(left);
        }

        foreach (var (nextEpoch, nextStep) in coming)
        {
            _begun[(nextEpoch, nextStep)] = Begin(nextEpoch, nextStep);
        }

        return wanted.GetAwaiter().GetResult();
    }

    public override void Dispose()
    {
        foreach (var begun in _begun.Keys.ToList())
        {
            Discard(begun);
        }
    }

    private Task<Batch> Begin(int epoch, int step) =>
        _begun.TryGetValue((epoch, step), out var begun) ? begun : Task.Run(() => Compose(epoch, step));

    /// <summary>The positions that follow, as far as reading ahead goes and the run lasts.</summary>
    private IEnumerable<(int Epoch, int Step)> Coming(int epoch, int step) =>
        from position in Enumerable.Range(1, Ahead).Select(ahead => ((long)epoch * StepsPerEpoch) + step + ahead)
        let next = ((int)(position / StepsPerEpoch), (int)(position % StepsPerEpoch))
        where next.Item1 < _spec.Epochs
        select next;

    /// <summary>What was read ahead and is not wanted any more. A fault in it is nobody's.</summary>
    private void Discard((int Epoch, int Step) position)
    {
        _begun.Remove(position, out var begun);
        Task.WhenAny(begun!).Wait();
        if (begun!.IsCompletedSuccessfully)
        {
            begun.Result.Dispose();
        }
    }

    private Batch Compose(int epoch, int step)
    {
        var planned = _planner.Plan(epoch, step);
        var images_BVCHW = FrameTensor.Compose(planned.Sets, planned.Views, _spec.Input, (set, view, frame_CHW) =>
        {
            var frame = planned.Frames_BV[(set * planned.Views) + view];
            _augmentations.Apply(frame.Augmentation, frame.Seen_HWC(_frames), frame_CHW);
        });
        return new Batch(images_BVCHW, tensor(planned.Labels_B));
    }
}
