using ReidCloud.Datasets;
using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Training;
using ReidCloud.Specs;
using ReidCloud.Tests.GpuRunner.Data;
using static TorchSharp.torch;

namespace ReidCloud.Benchmarks;

/// <summary>What batches from the cache cost, with all augmentations: beside the ResNet-50 step that trains on them here, and beside the rate at which a large GPU is to train.</summary>
internal static class BatchesBenchmark
{
    private const int Identities = 16;
    private const double MostOfStep = 0.03;
    private const double ImagesPerSecond = 5_000;

    /// <summary>Two identities' two tracklets.</summary>
    private static readonly TrainSpec Small = new("benchmark", new ModelSpec(BackboneName.ResNet50), new SupervisedSpec(Views: 4))
    {
        Input = new InputSpec(256, 128),
        Sampling = new SamplingSpec(Identities: 2, Tracklets: 2),
        Epochs = 1_000_000,
    };

    private static readonly DatasetManifest Manifest = TinyManifest.Of([.. Enumerable.Range(0, 4 * Identities).Select(tracklet => new Tracklet(Split.Train, tracklet / 4, tracklet % 4, tracklet * 8, 8))]);

    public static IEnumerable<Figure> Take(Extent extent)
    {
        using var frames = new MemoryFrameCache(Manifest.Frames.Count, frame =>
        {
            var bytes = new byte[256 * 128 * 3];
            bytes.AsSpan().Fill((byte)frame);
            return bytes;
        });

        // The loader works ahead, so that a step seldom waits: what counts is how long all cores need for a batch, one after the other.
        var one = LoadSeconds(frames, Small, extent == Extent.Whole ? 200 : 50);
        using var steps = StepSeconds().GetEnumerator();
        var step = Turns.Seconds(
            "a batch of 16 frames of 256 x 128 from the cache", one, "a step of ResNet-50 on as many (CPU)", () => steps.MoveNext() ? steps.Current : 0, turns: extent == Extent.Whole ? 9 : 2) with
        { AtMost = MostOfStep };
        yield return step;

        var large = Small with { Method = new SupervisedSpec(Views: 8), Sampling = new SamplingSpec(8, 4) };
        var seconds = LoadSeconds(frames, large, extent == Extent.Whole ? 40 : 8);
        seconds();
        var batch = Turns.Median(Enumerable.Range(0, 5).Select(_ => seconds()));
        yield return new Figure("a batch of 256 frames of 256 x 128 from the cache", batch, "16 times that step", 16 * step.Theirs, "s") { AtMost = MostOfStep };
        yield return new Figure("frames augmented and normalized on this processor", 256 / batch, "what one large GPU is to train", ImagesPerSecond, "images/s")
        {
            BoundBy = "writing float32 planes to memory; on a GPU the device does this itself",
        };
    }

    private static Func<double> LoadSeconds(FrameCache frames, TrainSpec spec, int batches) => () =>
    {
        using var loader = new BatchLoader(spec, Manifest, frames, frame => throw new InvalidOperationException($"nothing is cut out of {frame}"));
        loader.Load(0, 0).Dispose();
        return Turns.Time(() =>
        {
            for (var batch = 1; batch <= batches; batch++)
            {
                loader.Load(batch / loader.StepsIn(0), batch % loader.StepsIn(0)).Dispose();
            }
        }) / batches;
    };

    /// <summary>One step after the other, without end.</summary>
    private static IEnumerable<double> StepSeconds()
    {
        using var method = MethodRegistry.Create(Small, Identities, (_, _) => throw new InvalidOperationException("there is no teacher"));
        using var optimizer = Optimizer.Create(Small.Optimizer, method.Result);
        var labels = Enumerable.Range(0, 4).Select(set => (long)set / 2).ToArray();
        using var batch = new Batch(randn([labels.Length, 4, 3, 256, 128]), tensor(labels));
        method.BeginTraining();
        for (var step = 0; ; step++)
        {
            yield return Turns.Time(() =>
            {
                using var scope = NewDisposeScope();
                method.Losses(batch, epoch: 0, step).Total.backward();
                optimizer.Step(Small.Optimizer.LearningRate);
            });
        }
    }
}
