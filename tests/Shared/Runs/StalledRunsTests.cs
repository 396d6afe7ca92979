using ReidCloud.Runs;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Shared.Runs;

public sealed class StalledRunsTests(AzuriteFixture azurite)
{
    private static readonly TimeSpan Later = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Nudges_a_run_whose_nudge_or_owner_was_lost()
    {
        var system = await StorageSystem.CreateAsync(azurite);
        var run = await system.SubmitAsync(StorageSystem.Teacher);
        await system.NudgesAsync();

        Assert.Equivalent(new StalledRunsFound(1, 0, 0, 0), await system.Stalled.SweepAsync(CancellationToken.None));
        system.Clock.Advance(Later);
        Assert.Equivalent(new StalledRunsFound(1, 1, 0, 0), await system.Stalled.SweepAsync(CancellationToken.None));

        Assert.Equal([run], await system.NudgesAsync());
    }

    [Fact]
    public async Task Reads_no_status_of_a_run_that_was_submitted_just_now()
    {
        await using var proxy = await FaultyStorage.StartAsync(azurite);
        var system = await StorageSystem.CreateAsync(azurite);
        foreach (var repeat in Enumerable.Range(0, 5))
        {
            await system.SubmitAsync(StorageSystem.Teacher with { Repeat = repeat });
        }

        var storage = new StorageAccess(proxy.Through(system.Storage.Options));
        var clock = new ManualClock(TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(5));
        var store = new RunStore(storage, RunQueues.Create(storage), clock);
        var found = await new StalledRuns(store, RunQueues.Create(storage), clock).SweepAsync(CancellationToken.None);

        Assert.Equal((5, 0, 1), (found.Open, found.Nudged, proxy.Requests));
    }

    [Fact]
    public async Task Leaves_a_run_alone_that_somebody_owns()
    {
        var system = await StorageSystem.CreateAsync(azurite);
        var run = await system.SubmitAsync(StorageSystem.Teacher);
        await system.NudgesAsync();
        await using var owner = await RunLease.TryAcquireAsync(system.Storage, run, TimeProvider.System, CancellationToken.None);
        system.Clock.Advance(Later);

        await system.Stalled.SweepAsync(CancellationToken.None);

        Assert.Empty(await system.NudgesAsync());
    }

    [Fact]
    public async Task Forgets_a_run_that_has_ended_and_tells_those_that_waited_for_it()
    {
        var system = await StorageSystem.CreateAsync(azurite);
        var teacher = await system.SubmitAsync(StorageSystem.Teacher);
        var student = await system.SubmitAsync(StorageSystem.StudentOf(teacher));
        await using (var lease = (await system.Store.ClaimAsync(teacher, CancellationToken.None))!)
        {
            // A runner that died between publishing the end and telling others.
            await lease.WriteAsync(lease.Status with { State = RunState.Succeeded }, CancellationToken.None);
        }

        Assert.Equal(1, (await system.Stalled.SweepAsync(CancellationToken.None)).Finished);

        Assert.Equal(RunState.Queued, (await system.StatusAsync(student)).State);
        Assert.Equivalent(new StalledRunsFound(1, 0, 0, 0), await system.Stalled.SweepAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Moves_a_waiting_run_on_whose_parent_has_ended_unnoticed()
    {
        var system = await StorageSystem.CreateAsync(azurite);
        var teacher = await system.SubmitAsync(StorageSystem.Teacher);
        var student = await system.SubmitAsync(StorageSystem.StudentOf(teacher));
        await system.Storage.Runs.GetBlobClient(RunPaths.Dependent(teacher, student)).DeleteAsync();
        await system.FinishAsync(teacher, RunState.Succeeded);
        Assert.Equal(RunState.Waiting, (await system.StatusAsync(student)).State);
        system.Clock.Advance(Later);

        await system.Stalled.SweepAsync(CancellationToken.None);

        Assert.Equal(RunState.Queued, (await system.StatusAsync(student)).State);
    }

    [Fact]
    public async Task Completes_a_submission_that_died_after_its_spec()
    {
        var system = await StorageSystem.CreateAsync(azurite);
        var run = RunId.Of(StorageSystem.Teacher);
        await system.Storage.Index.GetBlobClient(RunPaths.Open(run)).UploadAsync(BinaryData.FromString(""));
        await system.Storage.Runs.GetBlobClient(RunPaths.Spec(run)).UploadAsync(BinaryData.FromBytes(ReidJson.Canonical(StorageSystem.Teacher)));
        system.Clock.Advance(FarAhead);

        await system.Stalled.SweepAsync(CancellationToken.None);

        Assert.Equal(RunState.Queued, (await system.StatusAsync(run)).State);
        Assert.Equal([run], await system.NudgesAsync());
    }

    [Fact]
    public async Task Lists_a_run_whose_submission_died_before_the_list()
    {
        var system = await StorageSystem.CreateAsync(azurite);
        var run = await system.SubmitAsync(StorageSystem.Teacher);
        await system.Storage.Index.GetBlobClient(RunPaths.Submitted((await system.StatusAsync(run)).SubmittedAt, run)).DeleteAsync();
        Assert.Empty((await system.Store.ListAsync(null, null, 10, CancellationToken.None)).Runs);
        system.Clock.Advance(Later);

        await system.Stalled.SweepAsync(CancellationToken.None);

        Assert.Equal(run, Assert.Single((await system.Store.ListAsync(null, null, 10, CancellationToken.None)).Runs).Id);
    }

    [Fact]
    public async Task Removes_an_old_marker_of_a_run_that_never_was()
    {
        var system = await StorageSystem.CreateAsync(azurite);
        var marker = system.Storage.Index.GetBlobClient(RunPaths.Open(RunId.Of(StorageSystem.Teacher)));
        await marker.UploadAsync(BinaryData.FromString(""));

        await system.Stalled.SweepAsync(CancellationToken.None);
        Assert.True(await marker.ExistsAsync());
        system.Clock.Advance(FarAhead);
        Assert.Equal(1, (await system.Stalled.SweepAsync(CancellationToken.None)).Forgotten);

        Assert.False(await marker.ExistsAsync());
    }

    [Fact]
    public async Task A_damaged_run_stops_no_other()
    {
        var system = await StorageSystem.CreateAsync(azurite);
        var (damaged, teacher) = (await system.SubmitAsync(StorageSystem.Teacher with { Repeat = 1 }), await system.SubmitAsync(StorageSystem.Teacher));
        var student = await system.SubmitAsync(StorageSystem.StudentOf(teacher));
        await system.NudgesAsync();
        foreach (var blob in new[] { RunPaths.Status(damaged), RunPaths.Spec(student) })
        {
            await system.Storage.Runs.GetBlobClient(blob).UploadAsync(BinaryData.FromString("rust"), overwrite: true);
        }

        system.Clock.Advance(Later);
        var found = await system.Stalled.SweepAsync(CancellationToken.None);

        Assert.Equal([teacher], await system.NudgesAsync());
        Assert.Equal(3, found.Open);
        var dead = (await system.Store.ListDeadLettersAsync(null, 10, CancellationToken.None)).DeadLetters;
        Assert.Equal(new[] { $"{damaged}", $"{student}" }.Order(), dead.Select(letter => letter.Nudge!).Order());
        Assert.Equal([true, true], new[] { damaged, student }.Select(run => found.Problems.Count(problem => problem.Contains($"{run}", StringComparison.Ordinal)) == 1));
    }

    [Fact]
    public async Task Cancels_what_its_owner_did_not_live_to_cancel()
    {
        var system = await StorageSystem.CreateAsync(azurite);
        var run = await system.SubmitAsync(StorageSystem.Teacher);
        await system.NudgesAsync();
        await using (var owner = (await system.Store.ClaimAsync(run, CancellationToken.None))!)
        {
            await owner.WriteAsync(owner.Status with { State = RunState.Running, Attempt = 1 }, CancellationToken.None);
            Assert.Equal(RunState.Running, (await system.Store.RequestCancelAsync(run, CancellationToken.None))!.State);
        }

        system.Clock.Advance(Later);
        await system.Stalled.SweepAsync(CancellationToken.None);

        Assert.Equal(RunState.Cancelled, (await system.StatusAsync(run)).State);
        Assert.Empty(await system.NudgesAsync());
    }

    [Fact]
    public async Task Nudges_those_first_that_were_submitted_first_and_no_more_than_a_queue_should_hold()
    {
        var system = await StorageSystem.CreateAsync(azurite);
        var runs = new List<RunId>();
        for (var repeat = 0; repeat < 4; repeat++, system.Clock.Advance(TimeSpan.FromSeconds(1)))
        {
            runs.Add(await system.SubmitAsync(StorageSystem.Teacher with { Repeat = repeat }));
        }

        await system.NudgesAsync();
        await Task.WhenAll(Enumerable.Range(0, StalledRuns.EnoughNudges - 2).Select(_ => system.Storage.Queue.SendMessageAsync("another's nudge")));
        system.Clock.Advance(Later);

        Assert.Equal(2, (await system.Stalled.SweepAsync(CancellationToken.None)).Nudged);
        Assert.Equal(0, (await system.Stalled.SweepAsync(CancellationToken.None)).Nudged);

        var messages = new List<string>();
        while ((await system.Storage.Queue.ReceiveMessagesAsync(32)).Value is { Length: > 0 } some)
        {
            messages.AddRange(some.Select(message => message.Body.ToString()));
        }

        Assert.Equal(runs[..2].Select(run => run.ToString()), messages[^2..]);
    }

    [Fact]
    public async Task Does_what_it_can_when_the_queue_is_away()
    {
        await using var proxy = await FaultyStorage.StartAsync(azurite);
        var system = await StorageSystem.CreateAsync(await proxy.NewSystemAsync());
        var (ended, stalled) = (await system.SubmitAsync(StorageSystem.Teacher), await system.SubmitAsync(StorageSystem.Teacher with { Repeat = 1 }));
        await using (var lease = (await system.Store.ClaimAsync(ended, CancellationToken.None))!)
        {
            await lease.WriteAsync(lease.Status with { State = RunState.Succeeded }, CancellationToken.None);
        }

        system.Clock.Advance(Later);
        using (proxy.Set(StorageFault.Busy, request => request.IsQueue))
        {
            var found = await system.Stalled.SweepAsync(CancellationToken.None);
            Assert.Equal((2, 0, 1), (found.Open, found.Nudged, found.Finished));
            Assert.Single(found.Problems);
        }

        Assert.Equal(1, (await system.Stalled.SweepAsync(CancellationToken.None)).Nudged);
        Assert.Contains(stalled, await system.NudgesAsync());
    }

    [Fact]
    public async Task Nudges_the_others_when_the_storage_fails_for_one_and_says_so()
    {
        await using var proxy = await FaultyStorage.StartAsync(azurite);
        var system = await StorageSystem.CreateAsync(await proxy.NewSystemAsync(), patience: TimeSpan.FromMilliseconds(300));
        var runs = new List<RunId>();
        for (var repeat = 0; repeat < 4; repeat++)
        {
            runs.Add(await system.SubmitAsync(StorageSystem.Teacher with { Repeat = repeat }));
        }

        await system.NudgesAsync();
        system.Clock.Advance(Later);
        using (proxy.Set(StorageFault.Broken, request => request.Blob == RunPaths.Status(runs[0])))
        {
            var found = await system.Stalled.SweepAsync(CancellationToken.None);

            Assert.Equal(3, found.Nudged);
            Assert.Contains($"{runs[0]}", Assert.Single(found.Problems), StringComparison.Ordinal);
            Assert.Equal(runs[1..].Select(run => $"{run}").Order(), (await system.NudgesAsync()).Select(run => $"{run}").Order());
        }

        using (proxy.Set(StorageFault.Broken, request => !request.IsQueue))
        {
            Assert.Contains("broken off", Assert.Single((await system.Stalled.SweepAsync(CancellationToken.None)).Problems), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Looks_no_further_when_the_storage_fails_for_many()
    {
        const int Many = 4 * StalledRuns.MostFaults;
        await using var proxy = await FaultyStorage.StartAsync(azurite);
        var system = await StorageSystem.CreateAsync(await proxy.NewSystemAsync(), patience: TimeSpan.Zero);
        await Task.WhenAll(Enumerable.Range(0, Many).Select(repeat => system.SubmitAsync(StorageSystem.Teacher with { Repeat = repeat })));
        system.Clock.Advance(Later);
        using var broken = proxy.Set(StorageFault.Broken, request => request is { IsQueue: false, Comp: not "list" });

        var found = await system.Stalled.SweepAsync(CancellationToken.None);

        Assert.InRange(broken.Count, 1, Many - 1);
        Assert.Contains(found.Problems, problem => problem.Contains("broken off", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Cancels_a_waiting_run_that_was_to_be_cancelled_while_somebody_looked_at_it()
    {
        var system = await StorageSystem.CreateAsync(azurite);
        var teacher = await system.SubmitAsync(StorageSystem.Teacher);
        var student = await system.SubmitAsync(StorageSystem.StudentOf(teacher));
        await using (await RunLease.TryAcquireAsync(system.Storage, student, TimeProvider.System, CancellationToken.None))
        {
            Assert.Equal(RunState.Waiting, (await system.Store.RequestCancelAsync(student, CancellationToken.None))!.State);
        }

        system.Clock.Advance(Later);
        await system.Stalled.SweepAsync(CancellationToken.None);

        Assert.Equal(RunState.Cancelled, (await system.StatusAsync(student)).State);
    }

    /// <summary>The manual clock starts in the past of the emulator's; this brings it past any blob's age limit.</summary>
    private static TimeSpan FarAhead => TimeProvider.System.GetUtcNow() - new ManualClock().GetUtcNow() + TimeSpan.FromHours(1);
}
