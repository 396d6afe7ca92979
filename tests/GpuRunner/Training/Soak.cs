using System.Security.Cryptography;
using ReidCloud.GpuRunner;
using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Jobs;
using ReidCloud.Reports;
using ReidCloud.Runs;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace ReidCloud.Tests.GpuRunner.Training;

/// <summary>
/// Trains and evaluates for long, as runs do, on almost nothing: a handful of images a step, ten steps an epoch, an evaluation and a checkpoint every other epoch. What a
/// step or an evaluation leaves behind adds up.
/// </summary>
internal sealed class Soak(string folder)
{
    public const string Evaluation = "evaluation";
    private const int StepsPerEpoch = 10;
    private const int Samples = 60;

    private static readonly TrainSpec Teacher = TinySpecs.Teacher with
    {
        Model = new ModelSpec(BackboneName.MobileNet),
        Method = new SupervisedSpec(Views: 1),
        Sampling = new SamplingSpec(Identities: 2, Tracklets: 2),
        Optimizer = new AdamSpec(1e-5),
        Checkpoints = new CheckpointSpec(EveryEpochs: 1000),
        Evaluation = new EvaluationSpec { Frames = 1, EveryEpochs = 2 },
    };

    private readonly byte[] _zip = TinyDataset.Zip(identities: 40, frames: 2);

    /// <summary>How memory went while a teacher and its student were trained, each for so many steps, and the student was evaluated so often.</summary>
    /// <param name="told">Hears each sample.</param>
    public IEnumerable<(string What, MemoryCurve Curve)> Run(int steps, int evaluations, Action<MemorySample>? told = null)
    {
        var teacher = Teacher with { Epochs = steps / StepsPerEpoch };
        yield return ("teacher", Train(teacher, [], told));
        var parent = Last(teacher);
        var student = teacher with { Method = new ViewDistillationSpec(parent.Checkpoint, TeacherViews: 2, StudentViews: 1) };
        yield return ("student", Train(student, [parent], told));
        yield return (Evaluation, Evaluate(student, evaluations, told));
    }

    private MemoryCurve Train(TrainSpec spec, Parent[] parents, Action<MemorySample>? told)
    {
        var context = new SoakContext(spec, Path.Combine(folder, "last"), told);
        Do(spec, parents, context);
        return context.Curve;
    }

    private MemoryCurve Evaluate(TrainSpec trained, int times, Action<MemorySample>? told)
    {
        // By this thread's count, which goes down where other threads made what it drops; the process's keeps the parameters of every model that was ever loaded.
        var curve = new MemoryCurve(() => DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        var parent = Last(trained);
        var spec = new EvaluateSpec("tiny", parent.Checkpoint) { Evaluation = trained.Evaluation with { EveryEpochs = 0 }, GalleryFrames = [2] };
        for (var i = 1; i <= times; i++)
        {
            using var context = new MemoryContext();
            Do(spec, [parent], context);
            if (i % Math.Max(1, times / Samples) == 0)
            {
                var sample = curve.Sample(i);
                told?.Invoke(sample);
            }
        }

        return curve;
    }

    private void Do(RunSpec spec, Parent[] parents, RunContext context)
    {
        var manifest = TinyDataset.Manifest(_zip);
        using var archives = new ArchiveCache(manifest, Path.Combine(folder, "archives"), (_, file, token) => File.WriteAllBytesAsync(file, _zip, token));
        var frames = new DatasetFrames(manifest, archives.Read, folder, long.MaxValue);
        JobRegistry.Create(spec, frames, parents.ToDictionary(parent => parent.Checkpoint), context, TimeProvider.System, CPU).Run(null);
    }

    /// <summary>The last training's result.</summary>
    private Parent Last(TrainSpec spec)
    {
        var file = Path.Combine(folder, "last");
        return new Parent(new CheckpointRef($"{RunId.Of(spec)}"), Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file))), file);
    }

    /// <summary>Takes samples, and keeps nothing but the last checkpoint.</summary>
    private sealed class SoakContext(TrainSpec spec, string file, Action<MemorySample>? told) : RunContext
    {
        public MemoryCurve Curve { get; } = new(() => Tensor.TotalCount);

        public override CancellationToken Stop => CancellationToken.None;

        public override string Scratch => throw new InvalidOperationException("a training needs no folder");

        public override string OnnxRuntimeFolder => "";

        public override void Tell(RunEvent happened)
        {
            var every = Math.Max(1, spec.Epochs / Samples);
            if (happened is { Kind: RunEventKind.Epoch, Epoch: { } epoch } && epoch % every == 0)
            {
                var sample = Curve.Sample(epoch * StepsPerEpoch);
                told?.Invoke(sample);
            }
        }

        public override void SaveCheckpoint(int epoch, int step, double? score, int keep, Action<Stream> write)
        {
            using var stream = epoch == spec.Epochs ? File.Create(file) : Stream.Null;
            write(stream);
        }

        public override void SaveFile(string name, Action<Stream> write) => throw new InvalidOperationException("a training leaves no files");
    }
}
