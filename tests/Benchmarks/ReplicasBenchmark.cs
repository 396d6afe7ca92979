using System.Globalization;
using ReidCloud.GpuRunner;
using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Models;
using ReidCloud.GpuRunner.Training;
using ReidCloud.Specs;
using TorchSharp;
using static TorchSharp.torch;

namespace ReidCloud.Benchmarks;

/// <summary>
/// What replicas cost where there is nothing to gain, two of them on one device: the parts of a batch one after the other against the batch as a whole, and a replica and a thread for each part
/// against one after the other. And what they gain where there are several GPUs.
/// </summary>
internal static class ReplicasBenchmark
{
    private const int Warmup = 2;
    private const int Tracklets = 4;
    private const int Views = 2;
    private const int People = 625;

    /// <summary>On a GPU, of each device in a step: enough that it has work while the host asks for more.</summary>
    private const int ImagesPerDevice = 128;

    /// <summary>Timed together on a GPU: the host runs ahead of it.</summary>
    private const int StepsInARow = 10;

    public static IEnumerable<Figure> Take(Extent extent)
    {
        set_num_threads(Environment.ProcessorCount);
        var devices = cuda.is_available() ? cuda.device_count() : 0;
        var device = devices > 0 ? new Device("cuda:0") : CPU;
        var backbone = extent == Extent.Whole || devices > 0 ? BackboneName.ResNet50 : BackboneName.MobileNet;
        var images = devices > 0 ? ImagesPerDevice : 16;
        var turns = extent == Extent.Whole ? 9 : 3;
        var name = NameConverterFactory.NameOf(backbone);

        using (var whole = new Steps(backbone, images, 1, device))
        using (var parts = new Steps(backbone, images, 2, device))
        using (var replicas = new Steps(backbone, images, 2, new Placement([device, device])))
        {
            yield return Turns.Seconds($"step of a {name} teacher, {images} images, in two parts one after the other", parts.Seconds, "in one part", whole.Seconds, turns, Warmup);
            yield return Turns.Seconds($"step of a {name} teacher, {images} images, two replicas on one device", replicas.Seconds, "two parts one after the other", parts.Seconds, turns, Warmup) with
            {
                BoundBy = "a second set of weights is copied and its gradients are added in each step, and both compete for the one device",
            };
        }

        for (var count = 2; count <= devices; count++)
        {
            using var one = new Steps(backbone, images, 1, device);
            using var all = new Steps(backbone, images * count, count, new Placement([.. Enumerable.Range(0, count).Select(index => new Device(DeviceType.CUDA, index))]));
            var step = Turns.Seconds("", all.Seconds, "", one.Seconds, turns, Warmup);
            yield return new Figure(
                string.Create(CultureInfo.InvariantCulture, $"training on {count} GPUs, {name}, {images} images each"),
                images * count / step.Ours,
                $"{count} times what one of them trains",
                images * count / step.Theirs,
                "images/s")
            {
                Ratio = 1 / step.Ratio,
            };
        }
    }

    /// <summary>A training at 256 × 128 with VKD's losses and Adam, step by step.</summary>
    private sealed class Steps : IDisposable
    {
        private readonly TrainingMethod _method;
        private readonly Optimizer _optimizer;
        private readonly Batch _batch;
        private readonly Device _device;
        private int _step;

        public Steps(BackboneName backbone, int images, int replicas, Placement placement)
        {
            var spec = new TrainSpec("benchmark", new ModelSpec(backbone), new SupervisedSpec(Views)) { Replicas = replicas };
            var labels = Enumerable.Range(0, images / Views).Select(set => (long)set / Tracklets).ToArray();
            _device = placement.Main;
            _method = MethodRegistry.Create(spec, People, (_, _) => throw new InvalidOperationException("nothing is to be loaded"));
            _method.MoveTo(placement);
            _method.BeginTraining();
            _optimizer = Optimizer.Create(spec.Optimizer, _method.Result);
            _batch = new Batch(randn([labels.Length, Views, 3, 256, 128], device: _device), tensor(labels, device: _device));
        }

        /// <summary>Of a step; on a GPU in the mean of some in a row.</summary>
        public double Seconds()
        {
            var steps = _device.type == DeviceType.CUDA ? StepsInARow : 1;
            return Turns.Time(() =>
            {
                for (var step = 0; step < steps; step++)
                {
                    using var scope = NewDisposeScope();
                    _method.Losses(_batch, 0, _step++).Total.backward();
                    _method.Learners[0].Backward();
                    _optimizer.Step(1e-4);
                }

                if (_device.type == DeviceType.CUDA)
                {
                    cuda.synchronize(_device);
                }
            }) / steps;
        }

        public void Dispose()
        {
            _batch.Dispose();
            _optimizer.Dispose();
            _method.Dispose();
        }
    }
}
