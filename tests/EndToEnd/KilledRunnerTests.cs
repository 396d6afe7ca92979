using System.Diagnostics;
using ReidCloud.Reports;
using ReidCloud.Runs;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.EndToEnd;

/// <summary>Real processes and real signals: whatever ends a runner, its run ends as if nothing had been.</summary>
public sealed class KilledRunnerTests(AzuriteFixture azurite)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    private static readonly TrainSpec Spec = TinySpecs.Light with
    {
        Epochs = 3,
        Checkpoints = new CheckpointSpec(EveryEpochs: 1),
        Evaluation = new EvaluationSpec { Frames = 2 },
    };

    [Fact]
    public async Task A_killed_runners_run_is_taken_up_by_another_and_ends_with_the_same_bytes()
    {
        var (undisturbed, expected) = await StartAsync();
        using (var only = Start(undisturbed, "once"))
        {
            await undisturbed.UntilAsync(expected, only, status => status.IsFinal);
        }

        var (system, run) = await StartAsync();
        using (var first = Start(system, "serve"))
        {
            await system.UntilAsync(run, first, status => status.Checkpoint is { Epoch: >= 1 });
            first.Kill();
            await first.WaitForExitAsync();
        }

        // Nobody told anybody: the run is found when its lease has run out, by a sweep some minutes later.
        Assert.Equal(RunState.Running, (await system.StatusAsync(run)).State);
        while ((await system.Store.GetStatusAsync(run, CancellationToken.None))!.IsLeased)
        {
            await Task.Delay(Look);
        }

        var later = new ManualClock();
        later.Advance(DateTimeOffset.UtcNow.AddMinutes(5) - later.GetUtcNow());
        Assert.Equal(1, (await new StalledRuns(system.Store, system.Queue, later).SweepAsync(CancellationToken.None)).Nudged);
        using (var second = Start(system, "once"))
        {
            await system.UntilAsync(run, second, status => status.IsFinal);
        }

        var (straight, resumed) = (await undisturbed.ReportAsync(expected), await system.ReportAsync(run));
        Assert.Equal(straight.Lineage.CheckpointSha256, resumed.Lineage.CheckpointSha256);
        Assert.Equal(ReidJson.Write(straight.Settings), ReidJson.Write(resumed.Settings));
        Assert.Equal((1, 2), (straight.Lineage.Attempts, resumed.Lineage.Attempts));
    }

    [Fact]
    public async Task A_runner_that_is_asked_to_end_gives_its_run_back_and_exits_with_0()
    {
        var (system, run) = await StartAsync();
        using var runner = Start(system, "serve");
        await system.UntilAsync(run, runner, status => status.Progress is { Epoch: >= 1 });

        runner.Signal("TERM");
        await runner.WaitForExitAsync(new CancellationTokenSource(Limit).Token);

        Assert.Equal(0, runner.ExitCode);
        var status = (await system.Store.GetStatusAsync(run, CancellationToken.None))!;
        Assert.False(status.IsLeased);
        Assert.Equal(RunState.Queued, status.Status.State);
        Assert.NotNull(status.Status.Checkpoint);
        Assert.Equal(run, (await system.Queue.ReceiveAsync(RunnerSystem.Patience, CancellationToken.None))!.Run);
    }

    private async Task<(RunnerSystem System, RunId Run)> StartAsync()
    {
        var system = await RunnerSystem.CreateAsync(azurite);
        await TinyDataset.CommitAsync(system.Storage, TinyDataset.Zip());
        return (system, await system.SubmitAsync(Spec));
    }

    /// <summary>A runner in a process of its own, which ends with this object.</summary>
    private static RunnerProcess Start(RunnerSystem system, string command) => RunnerProcess.Start(system.Options, command);
}
