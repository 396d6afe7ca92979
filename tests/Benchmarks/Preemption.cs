using System.Diagnostics;
using ReidCloud.Reports;
using ReidCloud.Runs;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Benchmarks;

/// <summary>
/// How long a runner takes from SIGTERM to giving its run back: the published teacher of MARS (ResNet-50, Adam, 256 × 128), whose checkpoint has weights and both
/// moments, on generated images; of its batches of 256 frames only 8, so that a desktop's memory holds them. Every second signal falls into an evaluation. Each time the next runner goes on with the same run.
/// </summary>
internal static class Preemption
{
    private const string Preset = "vkd-mars-resnet50-teacher";
    private static readonly TimeSpan Allowed = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    public static async Task<int> RunAsync(int signals)
    {
        await using var azurite = new AzuriteFixture();
        var system = await RunnerSystem.CreateAsync(azurite);
        await TinyDataset.CommitAsync(system.Storage, TinyDataset.Zip(identities: 16));
        var spec = (TrainSpec)Presets.Named(Preset).Spec;
        var run = await system.SubmitAsync(spec with
        {
            Dataset = "tiny",
            InitialWeights = null,
            Method = new SupervisedSpec(Views: 2),
            Sampling = spec.Sampling with { Identities = 2, Tracklets = 2 },
            Evaluation = spec.Evaluation with { EveryEpochs = 1 },
        });
        var longest = TimeSpan.Zero;
        for (var i = 0; i < signals; i++)
        {
            var kind = i % 2 == 0 ? RunEventKind.Step : RunEventKind.Evaluation;
            using var runner = RunnerProcess.Start(system.Options, "serve");
            var before = await UntilAsync(system, run, status => status.Attempt == i + 1 && status.Progress?.Kind == kind && status.Progress.At > status.Attempts[^1].StartedAt);
            var asked = Stopwatch.GetTimestamp();
            runner.Signal("TERM");
            while ((await system.Store.GetStatusAsync(run, CancellationToken.None))!.IsLeased)
            {
                await Task.Delay(Look);
            }

            var released = Stopwatch.GetElapsedTime(asked);
            await runner.WaitForExitAsync();
            var ended = Stopwatch.GetElapsedTime(asked);
            var status = await system.StatusAsync(run);
            var bytes = (await system.Storage.Runs.GetBlobClient(status.Checkpoint!.Blob).GetPropertiesAsync()).Value.ContentLength;
            Console.WriteLine(
                $"in {NameConverterFactory.NameOf(kind),-10} of epoch {before.Progress!.Epoch}: given back after {released.TotalSeconds:F1} s ({status.State}), process ended after {ended.TotalSeconds:F1} s "
                + $"with exit code {runner.ExitCode}; checkpoint of epoch {status.Checkpoint.Epoch}, step {status.Checkpoint.Step}: {bytes / 1e6:F0} MB");
            longest = released > longest ? released : longest;
        }

        Console.WriteLine($"the longest took {longest.TotalSeconds:F1} s, and {Allowed.TotalSeconds} s are allowed");
        return longest <= Allowed ? 0 : 1;
    }

    private static async Task<RunStatus> UntilAsync(RunnerSystem system, RunId run, Func<RunStatus, bool> condition)
    {
        while (true)
        {
            if (await system.StatusAsync(run) is var status && condition(status))
            {
                return status;
            }

            if (status.IsFinal)
            {
                throw new InvalidOperationException($"the run ended too early: {status.Failure?.Detail}");
            }

            await Task.Delay(Look);
        }
    }
}
