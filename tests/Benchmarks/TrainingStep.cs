using System.Diagnostics;
using System.Globalization;
using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Models;
using ReidCloud.GpuRunner.Training;
using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.Benchmarks;

/// <summary>
/// One training step of a teacher (4 sets of 2 views) and of its student (4 sets, 2 of the 4 views that the teacher sees) at 256 × 128, with VKD's losses
/// and Adam, here and in PyTorch on as many threads, turn by turn: what else the machine does disturbs neighbours alike, so the ratio is the median of
/// neighbours' ratios.
/// </summary>
internal static class TrainingStep
{
    private const int Warmup = 2;
    private const int Identities = 2;
    private const int Tracklets = 2;
    private const int TeacherViews = 4;
    private const int StudentViews = 2;

    private static readonly ViewDistillationSpec Student = new(new CheckpointRef("teacher"), TeacherViews, StudentViews) { ReinitializeLastStage = false };

    private static readonly (string Role, MethodSpec Method)[] Roles = [("teacher", new SupervisedSpec(StudentViews)), ("student", Student)];

    /// <param name="python">An interpreter whose torch uses the same libtorch: Debian's python3-torch.</param>
    public static void Run(string python, int steps, int threads)
    {
        set_num_threads(threads);
        Console.WriteLine($"median (fastest) seconds of {steps} steps, {threads} threads, libtorch {__version__}");
        Console.WriteLine("backbone   step       ReidCloud         PyTorch           ratio");
        foreach (var backbone in (BackboneName[])[BackboneName.ResNet50, BackboneName.MobileNet])
        {
            foreach (var (role, method) in Roles)
            {
                var name = NameConverterFactory.NameOf(backbone);
                using var theirs = Start(python, name, role, $"{threads}");
                var pairs = Ours(new TrainSpec("benchmark", new ModelSpec(backbone), method)).Select(ours => (Ours: ours, Theirs: Step(theirs))).Skip(Warmup).Take(steps).ToList();
                theirs.StandardInput.Close();
                theirs.WaitForExit();
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{name,-10} {role,-10} {Text(pairs.Select(pair => pair.Ours))}    {Text(pairs.Select(pair => pair.Theirs))}    {Median(pairs.Select(pair => pair.Ours / pair.Theirs)):F2}"));
            }
        }

        using var self = Process.GetCurrentProcess();
        Console.WriteLine($"peak resident memory of this process: {self.PeakWorkingSet64 / 1e6:F0} MB");
    }

    /// <summary>The seconds of one step after the other, without end.</summary>
    private static IEnumerable<double> Ours(TrainSpec spec)
    {
        const int People = 625;
        using var method = MethodRegistry.Create(spec, People, (_, _) => new TrainedModel(new ReidModel(spec.Model, People), null));
        using var optimizer = Optimizer.Create(spec.Optimizer, method.Result);
        var labels = Enumerable.Range(0, Identities * Tracklets).Select(set => (long)set / Tracklets).ToArray();
        using var batch = new Batch(randn([labels.Length, spec.Method.SampledViews, 3, 256, 128]), tensor(labels));
        method.BeginTraining();
        for (var step = 0; ; step++)
        {
            var begun = Stopwatch.GetTimestamp();
            using (NewDisposeScope())
            {
                method.Losses(batch, epoch: 0, step).Total.backward();
                optimizer.Step(spec.Optimizer.LearningRate);
            }

            yield return Stopwatch.GetElapsedTime(begun).TotalSeconds;
        }
    }

    private static Process Start(string python, params string[] arguments) => Process.Start(
        new ProcessStartInfo(python, [Path.Combine(AppContext.BaseDirectory, "training_step.py"), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;

    private static double Step(Process peer)
    {
        peer.StandardInput.WriteLine();
        return peer.StandardOutput.ReadLine() is { } seconds
            ? double.Parse(seconds, CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"{peer.StartInfo.FileName} ended; it needs the module torch (Debian: python3-torch)");
    }

    private static string Text(IEnumerable<double> seconds) => string.Create(CultureInfo.InvariantCulture, $"{Median(seconds),6:F3} ({seconds.Min():F3})");

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(values.Count() / 2);
}
