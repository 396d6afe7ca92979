using ReidCloud.Runs;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Shared.Runs;

public sealed class RunStoreRetryTests(AzuriteFixture azurite)
{
    private static readonly TimeSpan Later = TimeSpan.FromMinutes(5);
    private static readonly CheckpointPointer Latest = new("latest", "hash", 3, 0);

    [Fact]
    public async Task Queues_a_run_that_failed_to_go_on_from_its_last_checkpoint()
    {
        var system = await StorageSystem.CreateAsync(azurite);
        var run = await FailedAsync(system);
        await system.NudgesAsync();

        var status = (await system.Store.RetryAsync(run, RetryFrom.Checkpoint, default))!;

        Assert.Equal((RunState.Queued, 4, null, null), (status.State, status.RetriedAfter, status.Failure, status.FinishedAt));
        Assert.Equal(Latest, status.Checkpoint);
        Assert.Single(status.OlderCheckpoints);
        Assert.Equal([run], await system.NudgesAsync());
        await using var lease = await system.Store.ClaimAsync(run, default);
        Assert.NotNull(lease);
    }

    [Fact]
    public async Task Forgets_what_it_had_reached_when_it_is_to_start_anew()
    {
        var system = await StorageSystem.CreateAsync(azurite);
        var run = await FailedAsync(system);

        var status = (await system.Store.RetryAsync(run, RetryFrom.Start, default))!;

        Assert.Equal((null, null, null), (status.Checkpoint, status.BestCheckpoint, status.Progress));
        Assert.Empty(status.OlderCheckpoints);
    }

    [Fact]
    public async Task Takes_a_cancellation_back()
    {
        var system = await StorageSystem.CreateAsync(azurite);
        var run = await system.SubmitAsync(StorageSystem.Teacher);
        await system.Store.RequestCancelAsync(run, default);
        await system.NudgesAsync();
        Assert.Null(await system.Store.ClaimAsync(run, default));

        await system.Store.RetryAsync(run, RetryFrom.Checkpoint, default);

        Assert.False(await system.Store.IsCancelRequestedAsync(run, default));
        Assert.Equal([run], await system.NudgesAsync());
        await using var lease = await system.Store.ClaimAsync(run, default);
        Assert.NotNull(lease);
    }

    [Theory]
    [InlineData(RunState.Queued, "is queued: only a run that failed or was cancelled can be tried again")]
    [InlineData(RunState.Running, "is running: only a run that failed or was cancelled can be tried again")]
    [InlineData(RunState.Succeeded, "has succeeded: there is nothing to try again")]
    public async Task Refuses_a_run_that_has_succeeded_or_is_not_over(RunState state, string why)
    {
        var system = await StorageSystem.CreateAsync(azurite);
        var run = await system.SubmitAsync(StorageSystem.Teacher);
        await using (var lease = (await system.Store.ClaimAsync(run, default))!)
        {
            await lease.WriteAsync(lease.Status with { State = state }, default);
        }

        var refusal = await Assert.ThrowsAsync<RunConflictException>(() => system.Store.RetryAsync(run, RetryFrom.Start, default));

        Assert.Contains(why, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(state, (await system.StatusAsync(run)).State);
    }

    [Fact]
    public async Task Knows_no_run_that_was_never_submitted()
    {
        var system = await StorageSystem.CreateAsync(azurite);

        Assert.Null(await system.Store.RetryAsync(RunId.Of(StorageSystem.Teacher), RetryFrom.Checkpoint, default));
    }

    [Fact]
    public async Task Sends_who_asks_for_a_student_to_the_teacher_that_failed()
    {
        var system = await StorageSystem.CreateAsync(azurite);
        var teacher = await system.SubmitAsync(StorageSystem.Teacher);
        var student = await system.SubmitAsync(StorageSystem.StudentOf(teacher));
        await system.FinishAsync(teacher, RunState.Failed);

        var refusal = await Assert.ThrowsAsync<RunConflictException>(() => system.Store.RetryAsync(student, RetryFrom.Checkpoint, default));

        Assert.Contains($"run {teacher}, whose checkpoint it needs ($.method.teacher), failed. Retry that first, `reid retry {teacher}`", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(RunState.Failed, (await system.StatusAsync(student)).State);
    }

    [Theory]
    [InlineData(RunState.Failed)]
    [InlineData(RunState.Cancelled)]
    public async Task Lets_all_that_failed_because_of_a_run_wait_for_it_again(RunState end)
    {
        var system = await StorageSystem.CreateAsync(azurite);
        var teacher = await system.SubmitAsync(StorageSystem.Teacher);
        var student = await system.SubmitAsync(StorageSystem.StudentOf(teacher));
        var grandchild = await system.SubmitAsync(StorageSystem.StudentOf(student));
        var unwanted = await system.SubmitAsync(StorageSystem.StudentOf(teacher, repeat: 1));
        await system.Store.RequestCancelAsync(unwanted, default);
        await system.FinishAsync(teacher, end);
        Assert.Equal(RunState.Failed, (await system.StatusAsync(grandchild)).State);
        await system.NudgesAsync();

        await system.Store.RetryAsync(teacher, RetryFrom.Checkpoint, default);

        Assert.Equal([RunState.Queued, RunState.Waiting, RunState.Waiting, RunState.Cancelled], await StatesAsync(system, teacher, student, grandchild, unwanted));
        Assert.Null((await system.StatusAsync(grandchild)).Failure);
        await system.FinishAsync(teacher, RunState.Succeeded);
        await system.FinishAsync(student, RunState.Succeeded);
        Assert.Equal([teacher, student, grandchild], await system.NudgesAsync());
    }

    [Fact]
    public async Task Lets_a_student_wait_whose_teacher_is_tried_again()
    {
        var system = await StorageSystem.CreateAsync(azurite);
        var teacher = await system.SubmitAsync(StorageSystem.Teacher);
        var student = await system.SubmitAsync(StorageSystem.StudentOf(teacher));
        await system.Store.RequestCancelAsync(student, default);

        Assert.Equal(RunState.Waiting, (await system.Store.RetryAsync(student, RetryFrom.Checkpoint, default))!.State);

        await system.FinishAsync(teacher, RunState.Succeeded);
        Assert.Equal(RunState.Queued, (await system.StatusAsync(student)).State);
    }

    [Fact]
    public async Task Retries_once_when_two_ask_at_once()
    {
        var system = await StorageSystem.CreateAsync(azurite);
        var run = await FailedAsync(system);

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(async _ =>
        {
            try
            {
                return (await system.Store.RetryAsync(run, RetryFrom.Checkpoint, default))!.State;
            }
            catch (RunConflictException late)
            {
                Assert.Contains("is queued", late.Message, StringComparison.Ordinal);
                return RunState.Queued;
            }
        }));

        Assert.All(answers, answer => Assert.Equal(RunState.Queued, answer));
        Assert.Equal(4, (await system.StatusAsync(run)).RetriedAfter);
        Assert.True(await MarkerAsync(system, run));
    }

    [Fact]
    public async Task Is_not_forgotten_by_a_sweep_that_had_seen_it_final()
    {
        await using var proxy = await FaultyStorage.StartAsync(azurite);
        var options = await azurite.NewSystemAsync();
        var system = await StorageSystem.CreateAsync(options);
        var slow = await StorageSystem.CreateAsync(proxy.Through(options));
        var run = await FailedAsync(system);
        await system.Storage.Index.GetBlobClient(RunPaths.Open(run)).UploadAsync(BinaryData.FromString(""), overwrite: true);

        // Between the sweep's last look at the status and its removing of the marker, somebody tries the run again.
        using var race = proxy.When(
            request => request is { Method: "DELETE" } && request.Blob == RunPaths.Open(run),
            _ => system.Store.RetryAsync(run, RetryFrom.Checkpoint, default).GetAwaiter().GetResult());
        await slow.Stalled.SweepAsync(default);

        Assert.Equal(1, race.Count);
        Assert.Equal(RunState.Queued, (await system.StatusAsync(run)).State);
        Assert.True(await MarkerAsync(system, run));
    }

    [Fact]
    public async Task Is_carried_on_wherever_the_process_dies_that_was_at_it()
    {
        await using var proxy = await FaultyStorage.StartAsync(azurite);
        for (var survived = 0; ; survived++)
        {
            var options = await azurite.NewSystemAsync();
            var system = await StorageSystem.CreateAsync(options);
            var dying = await StorageSystem.CreateAsync(proxy.Through(options));
            var teacher = await system.SubmitAsync(StorageSystem.Teacher);
            var student = await system.SubmitAsync(StorageSystem.StudentOf(teacher));
            var grandchild = await system.SubmitAsync(StorageSystem.StudentOf(student));
            await system.Store.RequestCancelAsync(teacher, default);
            await system.NudgesAsync();

            var writes = 0;
            using var death = proxy.Set(StorageFault.Answer(403, "Dead"), request => request.IsWrite && Interlocked.Increment(ref writes) > survived);
            var died = await Record.ExceptionAsync(() => dying.Store.RetryAsync(teacher, RetryFrom.Checkpoint, default)) is not null;
            death.Dispose();

            // Either nothing has happened and it may be asked again, or the sweep sees to it that the run is done.
            if ((await system.StatusAsync(teacher)).IsFinal)
            {
                await system.Store.RetryAsync(teacher, RetryFrom.Checkpoint, default);
            }

            system.Clock.Advance(Later);
            await system.Stalled.SweepAsync(default);
            Assert.Contains(teacher, await system.NudgesAsync());
            await system.FinishAsync(teacher, RunState.Succeeded);
            await system.FinishAsync(student, RunState.Succeeded);
            Assert.Equal([RunState.Succeeded, RunState.Succeeded, RunState.Queued], await StatesAsync(system, teacher, student, grandchild));
            Assert.True(await MarkerAsync(system, grandchild));
            if (!died)
            {
                Assert.True(survived > 8, $"only {survived} writes");
                break;
            }
        }
    }

    [Fact]
    public async Task Waits_a_moment_for_a_runner_that_has_ended_it_and_not_let_go()
    {
        var system = await StorageSystem.CreateAsync(azurite);
        var run = await system.SubmitAsync(StorageSystem.Teacher);
        var lease = (await system.Store.ClaimAsync(run, default))!;
        await lease.WriteAsync(lease.Status with { State = RunState.Failed }, default);

        var retry = system.Store.RetryAsync(run, RetryFrom.Checkpoint, default);
        await lease.ReleaseAsync(default);

        Assert.Equal(RunState.Queued, (await retry)!.State);
        await using var next = (await system.Store.ClaimAsync(run, default))!;
        await next.WriteAsync(next.Status with { State = RunState.Failed }, default);
        var late = system.Store.RetryAsync(run, RetryFrom.Checkpoint, default);
        system.Clock.Advance(Later);
        Assert.Contains("try again in a minute", (await Assert.ThrowsAsync<RunConflictException>(() => late)).Message, StringComparison.Ordinal);
    }

    private static async Task<RunId> FailedAsync(StorageSystem system)
    {
        var run = await system.SubmitAsync(StorageSystem.Teacher);
        await using var lease = (await system.Store.ClaimAsync(run, default))!;
        var failed = lease.Status with
        {
            State = RunState.Failed,
            Attempt = 4,
            FinishedAt = system.Clock.GetUtcNow(),
            Progress = new(system.Clock.GetUtcNow(), ReidCloud.Reports.RunEventKind.Step),
            Checkpoint = Latest,
            OlderCheckpoints = [new("older", "hash", 2, 0)],
            BestCheckpoint = Latest,
            Failure = new RunFailure(FailureCause.OutOfMemory, "out of memory", "the whole story"),
        };
        await system.Store.FinishAsync(lease, failed, default);
        return run;
    }

    private static async Task<RunState[]> StatesAsync(StorageSystem system, params RunId[] runs) =>
        await Task.WhenAll(runs.Select(async run => (await system.StatusAsync(run)).State));

    private static async Task<bool> MarkerAsync(StorageSystem system, RunId run) => await system.Storage.Index.GetBlobClient(RunPaths.Open(run)).ExistsAsync();
}
