using ReidCloud.Datasets;
using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Data;

/// <summary>
/// Composes training batches and works ahead: while one is trained on, the next ones are drawn, decoded and augmented on other threads.
/// Everything random about a batch comes from streams named by its epoch, step, set and view, so that its bytes depend on nothing else.
/// </summary>
internal sealed class BatchLoader : BatchSource
{
    /// <summary>Batches in the making besides the one asked for. A batch of MARS (8 × 4 × 8 frames) has 100 MB.</summary>
    private const int Ahead = 2;

    private readonly TrainSpec _spec;
    private readonly TrainingSplit _split;
    private readonly IdentitySampler _sampler;
    private readonly Augmentations _augmentations;
    private readonly FrameCrops _crops;
    private readonly FrameCache _frames;
    private readonly Dictionary<(int Epoch, int Step), Task<Batch>> _begun = [];
    private readonly Lock _planning = new();
    private (int Epoch, Draw[][] Batches)? _plan;

    /// <param name="pictures">Frames as the data set has them.</param>
    public BatchLoader(TrainSpec spec, DatasetManifest manifest, FrameCache frames, Func<int, RgbImage> pictures)
    {
        (_spec, _frames) = (spec, frames);
        _split = new TrainingSplit(manifest);
        _sampler = new IdentitySampler(_split, spec.Sampling, spec.Seed);
        _augmentations = new Augmentations(spec.Input, spec.Augmentation);
        _crops = new FrameCrops(spec.Input, spec.Augmentation, pictures);
    }

    public override int StepsPerEpoch => _sampler.BatchesPerEpoch;

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
        var draws = Plan(epoch)[step];
        var views = _spec.Method.SampledViews;
        var chosen = draws.Select((draw, set) => ViewSelections.Select(
            _spec.Sampling.Views,
            _split.Tracklets[draw.Label][draw.Tracklet],
            _split.Tracklets[draw.Label],
            views,
            Seeding.Stream(_spec.Seed, "views", epoch, step, set))).ToArray();
        var images_BVCHW = FrameTensor.Compose(draws.Length, views, _spec.Input, (set, view, frame_CHW) =>
        {
            var frame = chosen[set][view];
            ReadOnlySpan<byte> seen_HWC = _crops.Draw(frame, Seeding.Stream(_spec.Seed, "crop", epoch, step, set, view)) is { } part ? part : _frames.Get(frame);
            _augmentations.Apply(_augmentations.Draw(Seeding.Stream(_spec.Seed, "augmentation", epoch, step, set, view)), seen_HWC, frame_CHW);
        });
        return new Batch(images_BVCHW, tensor(Array.ConvertAll(draws, draw => (long)draw.Label)));
    }

    private Draw[][] Plan(int epoch)
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
