using System.Diagnostics;
using System.Globalization;
using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Training;
using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.Benchmarks;

/// <summary>One teacher step (ResNet-50, 8 × 3 × 256 × 128, triplet + cross-entropy, Adam) here and in PyTorch, in turn, on the same threads.</summary>
internal static class TrainingStep
{
    private const int Warmup = 2;
    private const int Steps = 5;

    /// <param name="python">An interpreter whose torch uses the same libtorch: Debian's python3-torch.</param>
    public static void Run(string python, int rounds, int threads)
    {
        var (ours, theirs) = (new List<double>(), new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            ours.AddRange(Ours(threads));
            theirs.AddRange(Theirs(python, threads));
            Console.WriteLine($"round {round + 1}: ReidCloud {Median(ours):F3} s, PyTorch {Median(theirs):F3} s a step (medians so far)");
        }

        Console.WriteLine($"ratio {Median(ours) / Median(theirs):F3} of medians over {ours.Count} steps each, {threads} threads, libtorch {__version__}");
        using var self = Process.GetCurrentProcess();
        Console.WriteLine($"peak resident memory of this process: {self.PeakWorkingSet64 / 1e6:F0} MB");
    }

    private static IEnumerable<double> Ours(int threads)
    {
        set_num_threads(threads);
        var spec = new TrainSpec("benchmark", new ModelSpec(BackboneName.ResNet50), new SupervisedSpec(Views: 1));
        using var method = MethodRegistry.Create(spec, identities: 625, (_, _) => throw new UnreachableException());
        using var optimizer = Optimizer.Create(spec.Optimizer, method.Result);
        using var batch = new Batch(randn([8, 1, 3, 256, 128]), tensor([0L, 0, 0, 0, 1, 1, 1, 1]));
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

    private static List<double> Theirs(string python, int threads)
    {
        string[] arguments = [Path.Combine(AppContext.BaseDirectory, "training_step.py"), $"{threads}", $"{Warmup}", $"{Steps}"];
        using var process = Process.Start(new ProcessStartInfo(python, arguments) { RedirectStandardOutput = true })!;
        var printed = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? [.. printed.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => double.Parse(line, CultureInfo.InvariantCulture))]
            : throw new InvalidOperationException($"{python} ended with code {process.ExitCode}; it needs the module torch (Debian: python3-torch)");
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(values.Count() / 2);
}
