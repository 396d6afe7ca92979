using System.Diagnostics;
using System.Globalization;
using ReidCloud.Datasets;
using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Evaluation;
using ReidCloud.GpuRunner.Models;
using ReidCloud.GpuRunner.Training;
using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.Benchmarks;

/// <summary>
/// Training on a CUDA device as a run does it, from bytes to losses, against PyTorch eager on the same device, block of steps by block of steps, in each of the numbers that a run may ask for; how busy
/// the device is meanwhile; and embedding. The data set is noise at Market-1501's size.
/// </summary>
internal static class GpuBenchmark
{
    private const int People = 751;
    private const int FramesOfOne = 17;
    private const int Identities = 16;
    private const int Tracklets = 4;
    private const int Warmup = 2;

    private const string Peer = "PyTorch eager, channels-last";

    /// <summary>NVIDIA publishes 2,470 images a second of one A100 for ResNet-50 at 224².</summary>
    private const double Target = 5_000;

    public static IEnumerable<Figure> Take(Extent extent)
    {
        if (!cuda.is_available())
        {
            return [Figure.Without("training, ResNet-50, last stride 1, 256 x 128", Peer, "this machine has no CUDA device; docs/gpu.md says how to measure on one that has")];
        }

        return Measure(extent);
    }

    private static IEnumerable<Figure> Measure(Extent extent)
    {
        var (blocks, steps) = extent == Extent.Whole ? (8, 50) : (2, 10);
        var missing = PythonPeer.Missing("torch");
        foreach (var precision in (Precision[])[Precision.Bfloat16, Precision.TensorFloat32, Precision.Float32])
        {
            var name = NameConverterFactory.NameOf(precision);
            var against = precision == Precision.Bfloat16 ? $"{Peer}, autocast" : Peer;
            var what = $"training, ResNet-50, last stride 1, 256 x 128, batch {Identities * Tracklets}, {name}";
            var (ours, theirs, busy) = Train(precision, name, missing is null, blocks, steps);
            yield return missing is null
                ? new Figure(what, ours, against, theirs, "images/s") { AtLeast = 1 }
                : Figure.Without(what, against, missing, ours, "images/s");
            if (precision == Precision.Bfloat16)
            {
                yield return new Figure($"{what}, on one H200", ours, "the target", Target, "images/s") { AtLeast = 1 };
                yield return new Figure($"{what}, time in which the device computes", busy, "all", 100, "%") { AtLeast = 0.95 };
            }
        }

        yield return Embed(extent);
    }

    /// <summary>Images a second of both, and the percentage of time in which the device computed during ours.</summary>
    private static (double Ours, double Theirs, double Busy) Train(Precision precision, string name, bool hasPeer, int blocks, int steps)
    {
        var manifest = Noise();
        var spec = new TrainSpec("noise", new ModelSpec(BackboneName.ResNet50), new SupervisedSpec(1))
        {
            Sampling = new SamplingSpec(Identities, Tracklets),
            Precision = precision,
            Epochs = 1_000,
            Checkpoints = new CheckpointSpec(1_000),
        };
        using var frames = new MemoryFrameCache(manifest.Frames.Count, Frame);
        using var batches = new DeviceBatches(spec, manifest, frames, _ => throw new InvalidOperationException("nothing is cut out"), device("cuda"), long.MaxValue);
        using var peer = hasPeer ? PythonPeer.Start("gpu_training.py", name, $"{Identities}", $"{Tracklets}", $"{People}") : null;
        using var method = MethodRegistry.Create(spec, People, (_, _) => throw new InvalidOperationException("nothing is to be loaded"));
        using var context = new QuietContext();
        var (ours, theirs, busy) = (new List<double>(), new List<double>(), new List<double>());
        DeviceLoad? load = null;
        using var paced = new PacedBatches(batches, steps, seconds =>
        {
            busy.Add(load!.Stop());
            ours.Add(seconds);
            if (peer is not null)
            {
                theirs.Add(peer.Seconds($"{steps}"));
            }

            if (ours.Count == Warmup + blocks)
            {
                context.AskToStop();
            }
        })
        {
            OnBegin = () => load = DeviceLoad.Begin(),
        };
        try
        {
            new Trainer(spec, method, paced, manifest.Hash, [.. manifest.Identities], context, TimeProvider.System, device("cuda")).Run(null, _ => []);
        }
        catch (OperationCanceledException)
        {
            // As asked: it would train for long.
        }

        var images = steps * Identities * Tracklets;
        return (images / Turns.Median(ours.Skip(Warmup)), theirs.Count == 0 ? double.NaN : images / Turns.Median(theirs.Skip(Warmup)), busy.Skip(Warmup).Average());
    }

    /// <summary>Against the same network without anything around it: images that lie in the device's memory.</summary>
    private static Figure Embed(Extent extent)
    {
        var input = new InputSpec();
        var items = extent == Extent.Whole ? 4_096 : 512;
        var manifest = Noise();
        using var frames = new MemoryFrameCache(manifest.Frames.Count, Frame);
        using var model = ReidModel.Of(new ModelSpec(BackboneName.ResNet50), People);
        WeightInit.Draw(model, 1, "benchmark");
        model.MoveTo(device("cuda"));
        var extractor = new EmbeddingExtractor(model, input, frames, manifest.Frames, device("cuda"));
        RetrievalItem[] asked = [.. Enumerable.Range(0, items).Select(frame => new RetrievalItem([frame], new Sighting(frame, 0)))];
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        model.eval();
        var images = randn([64, 3, input.Height, input.Width], device: device("cuda"));
        var figure = Turns.Seconds(
            $"embedding, ResNet-50, 256 x 128, {items} images, float32",
            () => Turns.Time(() => extractor.Extract(asked, _ => { }, CancellationToken.None).Dispose()),
            "the network alone",
            () => Turns.Time(() =>
            {
                for (var batch = 0; batch < items / 64; batch++)
                {
                    using var inner = NewDisposeScope();
                    model.call(images);
                }

                cuda.synchronize();
            }),
            turns: 3);
        return figure;
    }

    private static DatasetManifest Noise()
    {
        var none = new SplitCounts(0, 0, 0, 0, 0);
        return new DatasetManifest(
            "noise", "manifest-csv", "0123456789abcdef",
            [.. Enumerable.Range(0, People).Select(person => $"{person:D4}")],
            [new Camera("c0")],
            [],
            [.. Enumerable.Range(0, People * FramesOfOne).Select(frame => new FrameSource($"{frame:D6}.png", 0, 0, 0, 0, FrameEncoding.Stored, 0))],
            [.. Enumerable.Range(0, People * FramesOfOne).Select(frame => new Tracklet(Split.Train, frame / FramesOfOne, 0, frame, 1))],
            new ManifestDiagnosis(none, none, none, []));
    }

    private static byte[] Frame(int frame)
    {
        var stream = Seeding.Stream(1, "noise", frame);
        var bytes = new byte[3 * 256 * 128];
        for (var at = 0; at < bytes.Length; at += 64)
        {
            bytes.AsSpan(at, 64).Fill((byte)stream.NextInt(256));
        }

        return bytes;
    }
}
