using System.Diagnostics;
using ReidCloud.GpuRunner.Data;
using ReidCloud.Runs;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.EndToEnd;

/// <summary>Real processes and real signals: what a supervisor does when its worker dies, and when it is itself told to.</summary>
public sealed class SupervisorTests(AzuriteFixture azurite)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private static readonly TrainSpec Spec = TinySpecs.Light with
    {
        Epochs = 3,
        Checkpoints = new CheckpointSpec(EveryEpochs: 1),
        Evaluation = new EvaluationSpec { Frames = 2 },
    };

    [Fact]
    public async Task A_worker_that_dies_leaves_evidence_and_its_run_goes_on_at_once_and_no_worker_outlives_its_supervisor()
    {
        var (system, run) = await StartAsync(Spec with { Epochs = 6 });
        using var runner = RunnerProcess.Start(system.Options, "serve");
        var status = await system.UntilAsync(run, runner, status => status.Checkpoint is { Epoch: >= 1 });
        await DieOfAsync(WorkerOf(status), "ABRT");
        status = await system.UntilAsync(run, runner, status => status.Attempt == 2 && status.Progress is not null);
        var worker = WorkerOf(status);
        status = await system.UntilAsync(run, runner, status => status.IsFinal);

        Assert.Equal(RunState.Succeeded, status.State);
        Assert.Equal([AttemptEnd.Crashed, AttemptEnd.Succeeded], status.Attempts.Select(attempt => attempt.End));
        Assert.Contains("SIGABRT", status.Attempts[0].Message, StringComparison.Ordinal);
        var words = (await system.Store.GetEvidenceAsync(run, 1, CancellationToken.None))!.LastWords;
        Assert.Contains(words, line => line.Contains("epoch 1/6", StringComparison.Ordinal));

        runner.Kill();
        await GoneAsync(worker);
    }

    [Fact]
    public async Task A_run_that_kills_its_worker_again_and_again_fails_with_the_evidence_of_each_attempt()
    {
        var (system, run) = await StartAsync(Spec with { Epochs = 5000, Checkpoints = new CheckpointSpec(1000), Limits = new LimitsSpec(MaxAttempts: 2) });
        using var runner = RunnerProcess.Start(system.Options, "serve");
        RunnerProcess.Signal(WorkerOf(await system.UntilAsync(run, runner, status => status.Attempt == 1 && status.Progress is not null)), "KILL");
        await DieOfAsync(WorkerOf(await system.UntilAsync(run, runner, status => status is { Attempt: 2, State: RunState.Running })), "SEGV");
        var status = await system.UntilAsync(run, runner, status => status.IsFinal);

        Assert.Equal((RunState.Failed, FailureCause.Infrastructure), (status.State, status.Failure!.Cause));
        Assert.Contains("was killed (SIGKILL), and not by its supervisor", status.Failure.Message, StringComparison.Ordinal);
        Assert.Contains("SIGSEGV", status.Failure.Message, StringComparison.Ordinal);
        Assert.Contains("Last words of attempt 1", status.Failure.Detail, StringComparison.Ordinal);
        Assert.Equal([AttemptEnd.Crashed, AttemptEnd.Crashed, AttemptEnd.Failed], status.Attempts.Select(attempt => attempt.End));
    }

    [Fact]
    public async Task A_second_signal_ends_a_worker_that_is_stuck_at_once_and_its_run_is_left_to_the_lease()
    {
        var (system, run) = await StartAsync(Spec with { Epochs = 5000, Checkpoints = new CheckpointSpec(1000) });

        // So that its supervisor does not end it for its silence first, however slow this machine is.
        system.Options.LeaseSeconds = 60;
        using var runner = RunnerProcess.Start(system.Options, "serve");
        var worker = WorkerOf(await system.UntilAsync(run, runner, status => status.Progress is not null));
        RunnerProcess.Signal(worker, "STOP");

        runner.Signal("TERM");
        while (!runner.ToString().Contains("once more ends it at once", StringComparison.Ordinal))
        {
            await Task.Delay(Look);
        }

        // Not SIGINT: whoever started these tests in the background may have told all their processes to ignore it.
        runner.Signal("TERM");
        await runner.WaitForExitAsync(new CancellationTokenSource(Limit).Token);

        Assert.True(runner.ExitCode == 130, $"it ended with {runner.ExitCode}: {RunnerSystem.Tail(runner)}");
        await GoneAsync(worker);
        Assert.Equal(RunState.Running, (await system.StatusAsync(run)).State);
    }

    [Fact]
    public async Task A_false_alarm_is_followed_by_the_same_run_in_the_same_place()
    {
        var (system, run) = await StartAsync(Spec with { Epochs = 6 });
        system.Options.ResumeAfter = TimeSpan.FromSeconds(1);
        using var runner = RunnerProcess.Start(system.Options, "serve");
        await system.UntilAsync(run, runner, status => status.Progress is { Epoch: >= 1 });

        runner.Signal("TERM");
        var status = await system.UntilAsync(run, runner, status => status.IsFinal);

        Assert.Equal(RunState.Succeeded, status.State);
        Assert.Equal([AttemptEnd.Released, AttemptEnd.Succeeded], status.Attempts.Select(attempt => attempt.End));
        Assert.Contains("a false alarm", runner.ToString(), StringComparison.Ordinal);
        Assert.False(runner.HasExited, "it serves on");

        // The next signal is the first again.
        runner.Signal("TERM");
        await Task.Delay(Look);
        Assert.False(runner.HasExited, "and is still there for a moment");
    }

    [Fact]
    public async Task A_worker_that_does_not_answer_any_more_is_ended_and_counts_as_hung()
    {
        var (system, run) = await StartAsync(Spec with { Epochs = 6 });
        using var runner = RunnerProcess.Start(system.Options, "serve");
        RunnerProcess.Signal(WorkerOf(await system.UntilAsync(run, runner, status => status.Progress is not null)), "STOP");

        var status = await system.UntilAsync(run, runner, status => status.IsFinal);

        Assert.Equal(RunState.Succeeded, status.State);
        Assert.Equal([AttemptEnd.Hung, AttemptEnd.Succeeded], status.Attempts.Select(attempt => attempt.End));
        Assert.Contains("did not answer for 30 seconds", status.Attempts[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_may_have_harmed_its_process_is_the_last_that_it_takes()
    {
        var (system, first) = await StartAsync(Spec);
        var second = await system.SubmitAsync(Spec with { Repeat = 1 });
        system.Options.MemoryLimitMiB = 1;
        using var runner = RunnerProcess.Start(system.Options, "serve");

        var failed = await system.UntilAsync(first, runner, status => status.IsFinal);
        var next = await system.UntilAsync(second, runner, status => status.IsFinal);

        Assert.Equal((FailureCause.OutOfMemory, FailureCause.OutOfMemory), (failed.Failure!.Cause, next.Failure!.Cause));
        Assert.NotEqual(WorkerOf(failed), WorkerOf(next));
        Assert.Contains("made room for a fresh one", runner.ToString(), StringComparison.Ordinal);
        Assert.Null(await system.Store.GetEvidenceAsync(first, 1, CancellationToken.None));
    }

    [Fact]
    public async Task A_run_that_hangs_again_and_again_fails_as_hung_with_what_its_process_was_at()
    {
        var (system, run) = await StartAsync(Spec with { Limits = new LimitsSpec(MaxAttempts: 2) { Stall = TimeSpan.FromSeconds(2) } });
        var manifest = (await new DatasetStore(system.Storage, TimeProvider.System).GetManifestAsync("tiny", CancellationToken.None))!;
        var archives = Directory.CreateDirectory(Path.Combine(system.Options.CacheFolder, "archives")).FullName;

        // Somebody else is fetching the archive and never gets done.
        using var turn = ArchiveCache.WaitForTurn(Path.Combine(archives, $"{ArchiveCache.NameOf(manifest.Name, manifest.Blobs[0])}.lock"), CancellationToken.None);
        using var runner = RunnerProcess.Start(system.Options, "serve");
        var status = await system.UntilAsync(run, runner, status => status.IsFinal);

        Assert.Equal((RunState.Failed, FailureCause.Hung), (status.State, status.Failure!.Cause));
        Assert.Equal([AttemptEnd.Hung, AttemptEnd.Hung, AttemptEnd.Failed], status.Attempts.Select(attempt => attempt.End));
        Assert.Contains("no step was finished for 00:00:02 ($.limits.stall)", status.Failure.Message, StringComparison.Ordinal);
        Assert.Contains("thread 'watchdog': running", status.Failure.Detail, StringComparison.Ordinal);
        Assert.Contains("ended itself because it hung (exit code 3)", runner.ToString(), StringComparison.Ordinal);
    }

    private async Task<(RunnerSystem System, RunId Run)> StartAsync(RunSpec spec)
    {
        var system = await RunnerSystem.CreateAsync(azurite);
        await TinyDataset.CommitAsync(system.Storage, TinyDataset.Zip());
        return (system, await system.SubmitAsync(spec));
    }

    /// <summary>The process that owns a run.</summary>
    private static int WorkerOf(RunStatus status) => int.Parse(status.Attempts[^1].Runner.Split('/')[1], System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Such a signal from outside is taken by .NET for a fault of managed code the first time; the faults that libraries make come again at once.</summary>
    private static async Task DieOfAsync(int process, string signal)
    {
        while (IsThere(process))
        {
            RunnerProcess.Signal(process, signal);
            await Task.Delay(Look);
        }
    }

    /// <summary>A dead process that nobody has waited for yet has no command line.</summary>
    private static bool IsThere(int process)
    {
        try
        {
            return File.ReadAllBytes($"/proc/{process}/cmdline").Length > 0;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static async Task GoneAsync(int process)
    {
        for (var began = Stopwatch.GetTimestamp(); IsThere(process); await Task.Delay(Look))
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(10), $"process {process} is still there");
        }
    }
}
