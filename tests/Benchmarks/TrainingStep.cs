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
/// and Adam, here and in PyTorch, in turn, on as many threads. The fastest steps tell most where other work disturbs.
/// </summary>
internal static class TrainingStep
{
    private const int Warmup = 1;
    private const int Steps = 4;
    private const int Identities = 2;
    private const int Tracklets = 2;
    private const int TeacherViews = 4;
    private const int StudentViews = 2;

    private static readonly ViewDistillationSpec Student = new(new CheckpointRef("teacher"), TeacherViews, StudentViews) { ReinitializeLastStage = false };

    private static readonly (string Role, MethodSpec Method)[] Roles = [("teacher", new SupervisedSpec(StudentViews)), ("student", Student)];

    /// <param name="python">An interpreter whose torch uses the same libtorch: Debian's python3-torch.</param>
    public static void Run(string python, int rounds, int threads)
    {
        set_num_threads(threads);
        Console.WriteLine($"seconds of {rounds} x {Steps} steps, median (fastest), {threads} threads, libtorch {__version__}");
        Console.WriteLine("backbone   step       ReidCloud         PyTorch           ratio");
        foreach (var backbone in (BackboneName[])[BackboneName.ResNet50, BackboneName.MobileNet])
        {
            foreach (var (role, method) in Roles)
            {
                var name = NameConverterFactory.NameOf(backbone);
                var (ours, theirs) = (new List<double>(), new List<double>());
                for (var round = 0; round < rounds; round++)
                {
                    ours.AddRange(Ours(new TrainSpec("benchmark", new ModelSpec(backbone), method)));
                    theirs.AddRange(Theirs(python, [name, role, $"{threads}", $"{Warmup}", $"{Steps}"]));
                }

                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{name,-10} {role,-10} {Median(ours),6:F3} ({ours.Min():F3})    {Median(theirs),6:F3} ({theirs.Min():F3})    {Median(ours) / Median(theirs):F2} ({ours.Min() / theirs.Min():F2})"));
            }
        }

        using var self = Process.GetCurrentProcess();
        Console.WriteLine($"peak resident memory of this process: {self.PeakWorkingSet64 / 1e6:F0} MB");
    }

    private static IEnumerable<double> Ours(TrainSpec spec)
    {
        const int People = 625;
        using var method = MethodRegistry.Create(spec, People, (_, _) => new TrainedModel(new ReidModel(spec.Model, People), null));
        using var optimizer = Optimizer.Create(spec.Optimizer, method.Result);
        var labels = Enumerable.Range(0, Identities * Tracklets).Select(set => (long)set / Tracklets).ToArray();
        using var batch = new Batch(randn([labels.Length, spec.Method.SampledViews, 3, 256, 128]), tensor(labels));
        method.BeginTraining();
        for (var step = 0; step < Warmup + Steps; step++)
        {
            var begun = Stopwatch.GetTimestamp();
            using (NewDisposeScope())
            {
                method.Losses(batch, epoch: 0, step).Total.backward();
                optimizer.Step(spec.Optimizer.LearningRate);
            }

            if (step >= Warmup)
            {
                yield return Stopwatch.GetElapsedTime(begun).TotalSeconds;
            }
        }
    }

    private static List<double> Theirs(string python, IEnumerable<string> arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(python, [Path.Combine(AppContext.BaseDirectory, "training_step.py"), .. arguments]) { RedirectStandardOutput = true })!;
        var printed = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? [.. printed.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => double.Parse(line, CultureInfo.InvariantCulture))]
            : throw new InvalidOperationException($"{python} ended with code {process.ExitCode}; it needs the module torch (Debian: python3-torch)");
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(values.Count() / 2);
}
