using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Training;
using ReidCloud.Specs;
using TorchSharp;
using static TorchSharp.torch;

namespace ReidCloud.Benchmarks;

/// <summary>What it costs that a batch goes through a network camera by camera instead of at once: the published batch of 64 images, of six cameras as Market-1501 has, in unequal parts as they come.</summary>
internal static class CameraBatchNormBenchmark
{
    private const int Images = 64;
    private const int People = 751;

    /// <summary>On a GPU, timed together: the host runs ahead of it.</summary>
    private const int StepsInARow = 10;

    /// <summary>How many of the images each camera took: their mean is the spec's 10.8.</summary>
    private static readonly int[] Sizes = [17, 14, 12, 9, 7, 5];

    public static IEnumerable<Figure> Take(Extent extent)
    {
        set_num_threads(Environment.ProcessorCount);
        var device = cuda.is_available() ? new Device("cuda:0") : CPU;
        var (height, width) = extent == Extent.Whole || device.type == DeviceType.CUDA ? (256, 128) : (64, 32);
        using var byCamera = Steps(new CameraBatchNormSpec(), device, height, width).GetEnumerator();
        using var plain = Steps(null, device, height, width).GetEnumerator();
        yield return Turns.Seconds(
            $"step of a resnet50 teacher, {Images} images of {height} x {width}, camera by camera ({Sizes.Length} cameras)",
            () => byCamera.MoveNext() ? byCamera.Current : 0,
            "all at once",
            () => plain.MoveNext() ? plain.Current : 0,
            turns: extent == Extent.Whole ? 5 : 2) with
        { BoundBy = "a small part uses a processor worse than a large one, and each goes through every layer by itself" };
    }

    /// <summary>The seconds of one step after the other, without end.</summary>
    private static IEnumerable<double> Steps(CameraBatchNormSpec? byCamera, Device device, int height, int width)
    {
        var spec = (TrainSpec)Presets.Named("cbn-market1501").Spec with { CameraBatchNorm = byCamera, InitialWeights = null };
        using var method = MethodRegistry.Create(spec, People, (_, _) => throw new InvalidOperationException("nothing is to be loaded"));
        method.MoveTo(device);
        method.BeginTraining();
        using var optimizer = Optimizer.Create(spec.Optimizer, method.Result);
        using var batch = new Batch(randn([Images, 1, 3, height, width], device: device), tensor(Enumerable.Range(0, Images).Select(set => (long)set / 4).ToArray(), device: device))
        {
            // Scattered, as they come.
            Cameras_BV = [.. Sizes.SelectMany((count, camera) => Enumerable.Repeat(camera, count)).Index().OrderBy(frame => frame.Index * 37 % Images).Select(frame => frame.Item)],
        };
        var steps = device.type == DeviceType.CUDA ? StepsInARow : 1;
        for (var step = 0; ; step++)
        {
            yield return Turns.Time(() =>
            {
                for (var row = 0; row < steps; row++)
                {
                    using var scope = NewDisposeScope();
                    method.Losses(batch, 0, step).Objective.backward();
                    method.Learners[0].Backward();
                    optimizer.Step(spec.Optimizer.LearningRate);
                }

                if (device.type == DeviceType.CUDA)
                {
                    cuda.synchronize(device);
                }
            }) / steps;
        }
    }
}
