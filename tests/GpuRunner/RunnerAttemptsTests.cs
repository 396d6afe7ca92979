using ReidCloud.Reports;
using ReidCloud.Runs;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.GpuRunner;

[Collection(RunnersCollection.Name)]
public sealed class RunnerAttemptsTests(AzuriteFixture azurite)
{
    private static readonly TrainSpec Spec = TinySpecs.Light with
    {
        Epochs = 2,
        Checkpoints = new CheckpointSpec(EveryEpochs: 1),
        Evaluation = new EvaluationSpec { Frames = 2 },
    };

    [Fact]
    public async Task A_run_whose_attempts_break_off_fails_with_the_evidence_of_each()
    {
        var (system, run) = await StartAsync(Spec with { Limits = new LimitsSpec(MaxAttempts: 3) });
        await BreakOffAsync(system, run, null);
        await BreakOffAsync(system, run, new AttemptEvidence(AttemptEnd.Released, DateTimeOffset.UtcNow, "the machine is going away"));
        await BreakOffAsync(system, run, new AttemptEvidence(AttemptEnd.Crashed, DateTimeOffset.UtcNow, "its process died with SIGABRT") { LastWords = ["terminate called", "  what(): std::bad_alloc"] });
        await BreakOffAsync(system, run, null, memory: 999_000_000);
        await using (var lease = (await system.Store.ClaimAsync(run, CancellationToken.None))!)
        {
            await lease.WriteAsync(lease.Status with { Checkpoint = new CheckpointPointer("somewhere", "0", 2, 1) }, CancellationToken.None);
        }

        await system.Runner.TakeOneAsync(RunnerSystem.Patience, CancellationToken.None);

        var status = await system.StatusAsync(run);
        Assert.Equal((RunState.Failed, FailureCause.OutOfMemory), (status.State, status.Failure!.Cause));
        Assert.Contains("3 attempts broke off, and $.limits.maxAttempts is 3", status.Failure.Message, StringComparison.Ordinal);
        Assert.Contains("Last checkpoint: epoch 2, step 1", status.Failure.Message, StringComparison.Ordinal);
        Assert.Contains("Attempt 1 on nowhere/7", status.Failure.Message, StringComparison.Ordinal);
        Assert.Contains("crashed at epoch 1, step 5, with 0.0 of 0.9 GiB of memory; its process died with SIGABRT", status.Failure.Message, StringComparison.Ordinal);
        Assert.Contains($"`reid retry {run}`", status.Failure.Message, StringComparison.Ordinal);
        Assert.Contains("std::bad_alloc", status.Failure.Detail, StringComparison.Ordinal);
        Assert.Contains("claimed", status.Failure.Detail, StringComparison.Ordinal);
        Assert.Equal(
            [AttemptEnd.Vanished, AttemptEnd.Released, AttemptEnd.Crashed, AttemptEnd.Vanished, AttemptEnd.Failed],
            status.Attempts.Select(attempt => attempt.End));
    }

    [Fact]
    public async Task An_attempt_leaves_where_it_was_how_far_it_got_and_how_it_ended()
    {
        var (system, run) = await StartAsync(Spec);
        using var goingAway = new CancellationTokenSource();
        system.When("epoch 1/2", goingAway.Cancel);
        await system.Runner.TakeOneAsync(RunnerSystem.Patience, goingAway.Token);
        await system.Runner.TakeOneAsync(RunnerSystem.Patience, CancellationToken.None);

        var attempts = (await system.StatusAsync(run)).Attempts;

        Assert.Equal([AttemptEnd.Released, AttemptEnd.Succeeded], attempts.Select(attempt => attempt.End));
        Assert.All(attempts, attempt =>
        {
            Assert.Equal($"{Environment.MachineName}/{Environment.ProcessId}", attempt.Runner);
            Assert.InRange(attempt.MemoryBytes!.Value, 10_000_000, attempt.MemoryLimitBytes!.Value);
            Assert.True(attempt.StartedAt <= attempt.EndedAt, "it ends after it began");
        });
        Assert.Equal((1, 2), (attempts[0].Epoch, attempts[1].Epoch));
        Assert.Equal("the machine is going away", attempts[0].Message);
    }

    [Fact]
    public async Task Who_lost_the_lease_leaves_word_so_that_the_attempt_does_not_count()
    {
        var (system, run) = await StartAsync(Spec with { Limits = new LimitsSpec(MaxAttempts: 1) });
        system.When("epoch 1/2", () => RunLease.BreakAsync(system.Storage, run, CancellationToken.None).Wait());
        await system.Runner.TakeOneAsync(RunnerSystem.Patience, CancellationToken.None);

        await system.Queue.SendAsync(run, RunPriority.Normal, CancellationToken.None);
        await system.Runner.TakeOneAsync(RunnerSystem.Patience, CancellationToken.None);

        var status = await system.StatusAsync(run);
        Assert.Equal(RunState.Succeeded, status.State);
        Assert.Equal([AttemptEnd.LeaseLost, AttemptEnd.Succeeded], status.Attempts.Select(attempt => attempt.End));
    }

    [Fact]
    public async Task Damaged_evidence_is_none_and_evidence_that_comes_late_still_corrects_what_was_believed()
    {
        var (system, run) = await StartAsync(Spec with { Limits = new LimitsSpec(MaxAttempts: 1) });
        await BreakOffAsync(system, run, null);
        var end = system.Storage.Runs.GetBlobClient(RunPaths.AttemptEnd(run, 1));
        await end.UploadAsync(BinaryData.FromString("rust"));
        await using (var lease = (await system.Store.ClaimAsync(run, CancellationToken.None))!)
        {
            await lease.WriteAsync(await system.Store.HearEndsAsync(run, lease.Status, CancellationToken.None), CancellationToken.None);
        }

        Assert.Equal(AttemptEnd.Vanished, (await system.StatusAsync(run)).Attempts[0].End);
        await end.DeleteAsync();
        Assert.True(await system.Store.LeaveEvidenceAsync(
            run, 1, new AttemptEvidence(AttemptEnd.LeaseLost, DateTimeOffset.UtcNow, "it was stopped for a while"), CancellationToken.None));
        await system.Runner.TakeOneAsync(RunnerSystem.Patience, CancellationToken.None);

        Assert.Equal([AttemptEnd.LeaseLost, AttemptEnd.Succeeded], (await system.StatusAsync(run)).Attempts.Select(attempt => attempt.End));
    }

    [Fact]
    public async Task A_run_that_somebody_has_cancelled_never_starts_even_when_its_owner_died_before_it_saw_that()
    {
        var (system, run) = await StartAsync(Spec);
        await using (var lease = (await system.Store.ClaimAsync(run, CancellationToken.None))!)
        {
            await lease.WriteAsync(lease.Status.Begun("nowhere/7", 1, DateTimeOffset.UtcNow), CancellationToken.None);
            await system.Store.RequestCancelAsync(run, CancellationToken.None);
        }

        Assert.Equal(RunState.Running, (await system.StatusAsync(run)).State);
        await system.Runner.TakeOneAsync(RunnerSystem.Patience, CancellationToken.None);

        var status = await system.StatusAsync(run);
        Assert.Equal((RunState.Cancelled, 1), (status.State, status.Attempt));
        Assert.Equal(AttemptEnd.Vanished, Assert.Single(status.Attempts).End);
        Assert.Empty((await system.Store.ReadEventsAsync(run, default, CancellationToken.None)).Events);
    }

    [Fact]
    public async Task A_run_that_has_had_its_time_over_all_attempts_stops_with_a_checkpoint_and_says_how_far_it_got()
    {
        var (system, run) = await StartAsync(Spec with
        {
            Epochs = 5000,
            Checkpoints = new CheckpointSpec(1000),
            Limits = new LimitsSpec { Timeout = TimeSpan.FromHours(2) },
        });
        await using (var lease = (await system.Store.ClaimAsync(run, CancellationToken.None))!)
        {
            // An attempt that ran for two hours but three seconds.
            var began = DateTimeOffset.UtcNow.AddHours(-3);
            var status = lease.Status.Begun("nowhere/7", 1, began);
            await lease.WriteAsync(status.Ended(AttemptEnd.Released, null, began.AddHours(2).AddSeconds(-3)), CancellationToken.None);
        }

        await system.Runner.TakeOneAsync(RunnerSystem.Patience, CancellationToken.None);

        var end = await system.StatusAsync(run);
        Assert.Equal((RunState.Failed, FailureCause.TimeLimit), (end.State, end.Failure!.Cause));
        Assert.False(system.Runner.IsWorn, "its process is as good as before");
        Assert.StartsWith("it has run for 02:00:0", end.Failure.Message, StringComparison.Ordinal);
        Assert.Contains("of 5000", end.Failure.Message, StringComparison.Ordinal);
        Assert.Contains($"`reid retry {run}`", end.Failure.Message, StringComparison.Ordinal);
        Assert.InRange(end.Checkpoint!.Epoch, 0, 4999);
        Assert.NotEqual((0, 0), (end.Checkpoint.Epoch, end.Checkpoint.Step));
    }

    [Fact]
    public async Task A_run_whose_process_has_too_much_memory_stops_with_a_checkpoint_and_the_figures()
    {
        var (system, _) = await StartAsync(Spec with { Epochs = 1 });
        await system.Runner.TakeOneAsync(RunnerSystem.Patience, CancellationToken.None);

        // The data are here now: it cannot be stopped on the way to its first step.
        var run = await system.SubmitAsync(Spec with { Epochs = 5000, Checkpoints = new CheckpointSpec(1000) });
        system.Options.MemoryLimitMiB = 1;

        await system.Runner.TakeOneAsync(RunnerSystem.Patience, CancellationToken.None);

        var status = await system.StatusAsync(run);
        Assert.Equal((RunState.Failed, FailureCause.OutOfMemory), (status.State, status.Failure!.Cause));
        Assert.StartsWith("its process has ", status.Failure.Message, StringComparison.Ordinal);
        Assert.Contains("may have 0.00 GiB (ReidCloud__MemoryLimitMiB", status.Failure.Message, StringComparison.Ordinal);
        Assert.Contains("$.sampling.identities", status.Failure.Message, StringComparison.Ordinal);
        Assert.NotNull(status.Checkpoint);
        Assert.Equal(1 << 20, status.Attempts[0].MemoryLimitBytes);
        Assert.True(system.Runner.IsWorn, "the next run deserves a fresh process");
    }

    private async Task<(RunnerSystem System, RunId Run)> StartAsync(RunSpec spec)
    {
        var system = await RunnerSystem.CreateAsync(azurite);
        await TinyDataset.CommitAsync(system.Storage, TinyDataset.Zip());
        return (system, await system.SubmitAsync(spec));
    }

    /// <summary>What a runner leaves that dies in epoch 1, step 5.</summary>
    private static async Task BreakOffAsync(RunnerSystem system, RunId run, AttemptEvidence? evidence, long memory = 1)
    {
        await using var lease = (await system.Store.ClaimAsync(run, CancellationToken.None))!;
        var now = DateTimeOffset.UtcNow;
        var status = (await system.Store.HearEndsAsync(run, lease.Status, CancellationToken.None)).Begun("nowhere/7", 1_000_000_000, now);
        await lease.WriteAsync(status.Heard(new RunEvent(now, RunEventKind.Step) { Epoch = 1, Step = 5 }, memory, now), CancellationToken.None);
        await system.Store.OpenEvents(run, status.Attempt).AppendAsync([new RunEvent(now, RunEventKind.Claimed)], CancellationToken.None);
        if (evidence is not null)
        {
            await system.Store.LeaveEvidenceAsync(run, status.Attempt, evidence, CancellationToken.None);
        }
    }
}
