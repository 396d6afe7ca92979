using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using ReidCloud.GpuRunner;
using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Models;
using ReidCloud.GpuRunner.Training;
using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.Benchmarks;

/// <summary>
/// One training step of a teacher (4 sets of 2 views) and of its student (4 sets, 2 of the 4 views that the teacher sees) at 256 × 128, with VKD's losses
/// and Adam, here and in PyTorch on as many threads, turn by turn; what of ours is spent on asking libtorch and not by it; and whether many steps need more than few.
/// </summary>
internal static class TrainingStepBenchmark
{
    private const int Warmup = 2;
    private const int Identities = 2;
    private const int Tracklets = 2;
    private const int TeacherViews = 4;
    private const int StudentViews = 2;

    /// <summary>By then the runtime has compiled a step's methods a second time, and the collector has found the size of its heap.</summary>
    private const int Warm = 200;

    /// <summary>Of a brief measurement, which does not wait for that.</summary>
    private const int Early = 20;

    /// <summary>Of resident memory, in the last steps before one.</summary>
    private const int Samples = 5;
    private const string Peer = "training_step.py";

    private static readonly ViewDistillationSpec Student = new(new CheckpointRef("teacher"), TeacherViews, StudentViews) { ReinitializeLastStage = false };

    private static readonly (string Role, MethodSpec Method)[] Roles = [("teacher", new SupervisedSpec(StudentViews)), ("student", Student)];

    public static IEnumerable<Figure> Take(Extent extent)
    {
        set_num_threads(Environment.ProcessorCount);
        return Growth(extent == Extent.Whole ? Warm : Early).Concat(Steps(extent));
    }

    private static IEnumerable<Figure> Steps(Extent extent)
    {
        var missing = PythonPeer.Missing("torch");
        var turns = extent == Extent.Whole ? 9 : 3;
        foreach (var backbone in extent == Extent.Whole ? (BackboneName[])[BackboneName.ResNet50, BackboneName.MobileNet] : [BackboneName.MobileNet])
        {
            foreach (var (role, method) in Roles)
            {
                var spec = new TrainSpec("benchmark", new ModelSpec(backbone), method);
                var name = NameConverterFactory.NameOf(backbone);
                using var steps = Of(spec, 256, 128).GetEnumerator();
                var step = Compared($"step of a {name} {role}", Ours, "the same in PyTorch", false) with { AtMost = 1 };
                yield return step;
                yield return Asking($"asking libtorch, in a step of a {name} {role}", () => Ours(), step.Ours);
                if (extent == Extent.Whole && backbone == BackboneName.MobileNet)
                {
                    yield return Compared($"step of a {name} {role}, memory kept on both sides", Ours, $"the same in PyTorch with our {KeptMemory.Variable}", true);
                }

                double Ours()
                {
                    steps.MoveNext();
                    return steps.Current;
                }

                Figure Compared(string what, Func<double> ours, string against, bool keepsMemory)
                {
                    if (missing is not null)
                    {
                        return Figure.Without(what, against, missing, Turns.Median(Enumerable.Range(0, Warmup + turns).Select(_ => ours()).Skip(Warmup)), "s");
                    }

                    using var theirs = PythonPeer.Start(keepsMemory, Peer, name, role, $"{Environment.ProcessorCount}");
                    return Turns.Seconds(what, ours, against, () => theirs.Seconds(), turns, Warmup);
                }
            }
        }
    }

    /// <summary>Every call of a step at the price of one that computes nothing: an upper bound, for that price has libtorch's own dispatch in it.</summary>
    private static Figure Asking(string what, Action step, double seconds)
    {
        const string Against = "the step";
        if (typeof(Tensor).Assembly.GetType("TorchSharp.Interop.Op")?.GetProperty("Calls", BindingFlags.Static | BindingFlags.NonPublic) is not { } calls)
        {
            return Figure.Without(what, Against, "only the TorchSharp stand-in counts its calls");
        }

        var before = Count();
        step();
        var count = Count() - before;
        return new Figure(what, count * PriceOfACall(), Against, seconds, "s")
        {
            AtMost = 0.02,
            BoundBy = string.Create(CultureInfo.InvariantCulture, $"{count:N0} calls at the price of aten::alias, libtorch's own dispatch included"),
        };

        long Count() => (long)calls.GetValue(null)!;
    }

    private static double PriceOfACall()
    {
        const int Calls = 20_000;
        using var frozen = no_grad();
        using var number = zeros(1);
        return Enumerable.Range(0, 5).Select(_ => Turns.Time(() =>
        {
            for (var call = 0; call < Calls; call++)
            {
                using var nothing = number.alias();
            }
        })).Min() / Calls;
    }

    /// <summary>A small student's steps: what is alive, allocated and resident after twice as many of them.</summary>
    private static IEnumerable<Figure> Growth(int early)
    {
        using var steps = Of(new TrainSpec("benchmark", new ModelSpec(BackboneName.MobileNet), Student), 64, 32).GetEnumerator();
        var (tensors, bytes, resident) = AfterMore();
        var (lateTensors, lateBytes, lateResident) = AfterMore();
        var (after, against) = ($"after {2 * early} steps of a small student", $"after {early}");
        yield return new Figure($"tensors alive {after}", lateTensors, against, tensors, "") { AtMost = 1 };
        yield return new Figure($"managed bytes of a step {after}", lateBytes, against, bytes, "bytes") { AtMost = 1 };
        yield return new Figure($"resident memory {after}", lateResident, against, resident, "MiB") { AtMost = 1.02 };

        (double Tensors, double Bytes, double Resident) AfterMore()
        {
            for (var step = Samples; step < early; step++)
            {
                steps.MoveNext();
            }

            var (allocated, samples) = (0L, new List<double>());
            for (var sample = 0; sample < Samples; sample++)
            {
                var before = GC.GetAllocatedBytesForCurrentThread();
                steps.MoveNext();
                allocated = GC.GetAllocatedBytesForCurrentThread() - before;
                samples.Add(Resident());
            }

            return (Tensor.TotalCount, allocated, Turns.Median(samples));
        }
    }

    /// <summary>Without what the allocator keeps for the next step: there, what a step left behind would lie unseen.</summary>
    private static double Resident()
    {
        GC.Collect();
        KeptMemory.GiveBack();
        using var self = Process.GetCurrentProcess();
        return self.WorkingSet64 / (double)(1 << 20);
    }

    /// <summary>The seconds of one step after the other, without end.</summary>
    private static IEnumerable<double> Of(TrainSpec spec, int height, int width)
    {
        const int People = 625;
        using var method = MethodRegistry.Create(spec, People, (_, _) => new TrainedModel(ReidModel.Of(spec.Model, People), null));
        using var optimizer = Optimizer.Create(spec.Optimizer, method.Result);
        var labels = Enumerable.Range(0, Identities * Tracklets).Select(set => (long)set / Tracklets).ToArray();
        using var batch = new Batch(randn([labels.Length, spec.Method.SampledViews, 3, height, width]), tensor(labels));
        method.BeginTraining();
        for (var step = 0; ; step++)
        {
            yield return Turns.Time(() =>
            {
                using var scope = NewDisposeScope();
                method.Losses(batch, epoch: 0, step).Total.backward();
                optimizer.Step(spec.Optimizer.LearningRate);
            });
        }
    }
}
