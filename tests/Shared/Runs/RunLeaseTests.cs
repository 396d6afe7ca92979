using ReidCloud.Runs;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Shared.Runs;

public sealed class RunLeaseTests(AzuriteFixture azurite)
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Is_given_to_one_owner_at_a_time()
    {
        var system = await StorageSystem.CreateAsync(azurite);
        var run = await system.SubmitAsync(StorageSystem.Teacher);

        await using var first = await AcquireAsync(system, run);
        Assert.NotNull(first);
        Assert.Null(await AcquireAsync(system, run));

        await first.ReleaseAsync(CancellationToken.None);
        Assert.False(first.IsHeld);
        await using var second = await AcquireAsync(system, run);
        Assert.NotNull(second);
    }

    [Fact]
    public async Task Is_not_given_on_a_run_that_does_not_exist()
    {
        var system = await StorageSystem.CreateAsync(azurite);

        Assert.Null(await AcquireAsync(system, RunId.Of(StorageSystem.Teacher)));
    }

    [Fact]
    public async Task Writes_the_status_that_everyone_then_reads()
    {
        var system = await StorageSystem.CreateAsync(azurite);
        var run = await system.SubmitAsync(StorageSystem.Teacher);
        await using var lease = (await AcquireAsync(system, run))!;
        var running = lease.Status with { State = RunState.Running, Attempt = 1, Runner = "here" };

        await lease.WriteAsync(running, CancellationToken.None);

        Assert.Equal(running, lease.Status);
        Assert.Equal(ReidJson.Write(running), ReidJson.Write(await system.StatusAsync(run)));
    }

    [Fact]
    public async Task Refuses_the_writes_of_an_owner_that_lost_it_even_before_that_owner_knows()
    {
        var system = await StorageSystem.CreateAsync(azurite);
        var run = await system.SubmitAsync(StorageSystem.Teacher);
        await using var loser = (await AcquireAsync(system, run))!;
        await RunLease.BreakAsync(system.Storage, run, CancellationToken.None);
        await using var winner = (await AcquireAsync(system, run))!;
        await winner.WriteAsync(winner.Status with { State = RunState.Running, Runner = "winner" }, CancellationToken.None);

        await Assert.ThrowsAsync<LeaseLostException>(
            () => loser.WriteAsync(loser.Status with { State = RunState.Succeeded }, CancellationToken.None));

        Assert.True(loser.Lost.IsCancellationRequested);
        Assert.Equal("winner", (await system.StatusAsync(run)).Runner);
    }

    [Fact]
    public async Task Renews_itself_before_its_time_runs_out()
    {
        var system = await StorageSystem.CreateAsync(azurite);
        var run = await system.SubmitAsync(StorageSystem.Teacher);
        await using var lease = (await AcquireAsync(system, run))!;

        for (var third = 0; third < 5; third++)
        {
            system.Clock.Advance(5.1 * Second);
            await Task.Delay(Second);
        }

        Assert.True(lease.IsHeld);
        Assert.False(lease.Lost.IsCancellationRequested);
    }

    [Fact]
    public async Task Tells_its_owner_as_soon_as_a_renewal_is_refused()
    {
        var system = await StorageSystem.CreateAsync(azurite);
        var run = await system.SubmitAsync(StorageSystem.Teacher);
        await using var lease = (await AcquireAsync(system, run))!;
        await RunLease.BreakAsync(system.Storage, run, CancellationToken.None);
        await using var thief = (await AcquireAsync(system, run))!;

        system.Clock.Advance(5.1 * Second);

        Assert.True(await FiresAsync(lease.Lost));
        Assert.False(lease.IsHeld);
    }

    [Fact]
    public async Task Waits_with_its_writes_while_the_storage_is_away_and_is_held_again_when_that_is_back()
    {
        await using var proxy = await FaultyStorage.StartAsync(azurite);
        var system = await StorageSystem.CreateAsync(await proxy.NewSystemAsync(), patience: TimeSpan.FromMinutes(10));
        var run = await system.SubmitAsync(StorageSystem.Teacher);
        await using var lease = (await AcquireAsync(system, run))!;
        using var away = proxy.Set(StorageFault.Cut);

        system.Clock.Advance(60 * Second);
        Assert.False(lease.IsHeld);
        var written = lease.WriteAsync(lease.Status with { Runner = "still me" }, CancellationToken.None);
        var called = lease.WriteAsync(lease.Status with { Runner = "impatient" }, new CancellationTokenSource(Second / 2).Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => called);
        Assert.False(written.IsCompleted);
        Assert.False(lease.IsLost);
        away.Dispose();

        await written.WaitAsync(Limit);
        Assert.True(lease.IsHeld);
        Assert.Equal("still me", (await system.StatusAsync(run)).Runner);
    }

    /// <summary>The wait is the point: a renewal is called off after a third of the lease's time, when some of its tries have failed.</summary>
    [Fact]
    public async Task Outlives_connections_that_are_refused_for_longer_than_a_renewal_may_take()
    {
        await using var proxy = await FaultyStorage.StartAsync(azurite);
        var system = await StorageSystem.CreateAsync(await proxy.NewSystemAsync(), patience: TimeSpan.FromMinutes(10));
        var run = await system.SubmitAsync(StorageSystem.Teacher);
        await using var lease = (await AcquireAsync(system, run))!;
        await proxy.RefuseAsync();

        system.Clock.Advance(60 * Second);
        await Task.Delay(6 * Second);
        Assert.False(lease.IsLost);
        await proxy.ListenAsync();
        system.Clock.Advance(2 * Second);

        await lease.WriteAsync(lease.Status with { Runner = "still me" }, CancellationToken.None).WaitAsync(Limit);
        Assert.True(lease.IsHeld);
        Assert.Equal("still me", (await system.StatusAsync(run)).Runner);
    }

    [Fact]
    public async Task An_old_write_that_arrives_late_and_twice_changes_nothing()
    {
        await using var proxy = await FaultyStorage.StartAsync(azurite);
        var system = await StorageSystem.CreateAsync(await proxy.NewSystemAsync());
        var run = await system.SubmitAsync(StorageSystem.Teacher);
        await using var lease = (await AcquireAsync(system, run))!;
        var arrived = new TaskCompletionSource();
        var late = proxy.WhenDone(request => request.Publishes && request.Blob == RunPaths.Status(run), _ => arrived.SetResult(), StorageFault.Late);

        await lease.WriteAsync(lease.Status with { Runner = "first" }, CancellationToken.None);
        Assert.Equal(1, late.Count);
        await lease.WriteAsync(lease.Status with { Runner = "second" }, CancellationToken.None);
        late.Dispose();
        await arrived.Task.WaitAsync(Limit);

        Assert.Equal("second", (await system.StatusAsync(run)).Runner);
        await lease.WriteAsync(lease.Status with { Runner = "third" }, CancellationToken.None);
        Assert.Equal("third", (await system.StatusAsync(run)).Runner);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_write_whose_answer_was_lost_is_known_for_its_own_even_when_it_was_called_off(bool calledOff)
    {
        await using var proxy = await FaultyStorage.StartAsync(azurite);
        var system = await StorageSystem.CreateAsync(await proxy.NewSystemAsync());
        var run = await system.SubmitAsync(StorageSystem.Teacher);
        await using var lease = (await AcquireAsync(system, run))!;
        using var impatient = new CancellationTokenSource();
        using var lost = proxy.WhenDone(
            request => request.Publishes && request.Blob == RunPaths.Status(run),
            _ =>
            {
                if (calledOff)
                {
                    impatient.Cancel();
                }
            },
            StorageFault.LoseAnswer);

        var fault = await Record.ExceptionAsync(() => lease.WriteAsync(lease.Status with { Runner = "first" }, impatient.Token));

        Assert.Equal(calledOff, fault is OperationCanceledException);
        Assert.Equal("first", (await system.StatusAsync(run)).Runner);
        await lease.WriteAsync(lease.Status with { Runner = "second" }, CancellationToken.None);
        Assert.Equal("second", (await system.StatusAsync(run)).Runner);
        Assert.False(lease.IsLost);
    }

    [Fact]
    public async Task Is_lost_when_nobody_has_answered_for_its_owners_patience()
    {
        await using var proxy = await FaultyStorage.StartAsync(azurite);
        var system = await StorageSystem.CreateAsync(await proxy.NewSystemAsync(), patience: TimeSpan.FromMinutes(10));
        var run = await system.SubmitAsync(StorageSystem.Teacher);
        await using var lease = (await AcquireAsync(system, run))!;
        using var away = proxy.Set(StorageFault.Busy);
        system.Clock.Advance(60 * Second);
        var written = lease.WriteAsync(lease.Status, CancellationToken.None);

        system.Clock.Advance(10 * 60 * Second);

        await Assert.ThrowsAsync<LeaseLostException>(() => written.WaitAsync(Limit));
        Assert.True(lease.IsLost);
        Assert.Throws<LeaseLostException>(lease.ThrowIfLost);
    }

    [Fact]
    public async Task Is_lost_when_somebody_else_took_the_run_meanwhile()
    {
        await using var proxy = await FaultyStorage.StartAsync(azurite);
        var direct = await StorageSystem.CreateAsync(azurite);
        var system = await StorageSystem.CreateAsync(proxy.Through(direct.Storage.Options), patience: TimeSpan.FromMinutes(10));
        var run = await direct.SubmitAsync(StorageSystem.Teacher);
        await using var loser = (await AcquireAsync(system, run))!;
        using var away = proxy.Set(StorageFault.Cut);
        system.Clock.Advance(60 * Second);
        var written = loser.WriteAsync(loser.Status with { Runner = "loser" }, CancellationToken.None);

        await RunLease.BreakAsync(direct.Storage, run, CancellationToken.None);
        await using var winner = (await AcquireAsync(direct, run))!;
        await winner.WriteAsync(winner.Status with { Runner = "winner" }, CancellationToken.None);
        away.Dispose();

        await Assert.ThrowsAsync<LeaseLostException>(() => written.WaitAsync(Limit));
        Assert.Equal("winner", (await direct.StatusAsync(run)).Runner);
    }

    /// <summary>Waits for leases of the real service to run out: the owners' clocks stand still, so they do not renew, and believe that they hold them.</summary>
    [Fact]
    public async Task Is_taken_up_again_after_it_ran_out_if_nobody_had_the_run_in_between()
    {
        var system = await StorageSystem.CreateAsync(azurite);
        var (alone, shared) = (await system.SubmitAsync(StorageSystem.Teacher), await system.SubmitAsync(StorageSystem.Teacher with { Repeat = 1 }));
        await using var only = (await AcquireAsync(system, alone))!;
        await using var first = (await AcquireAsync(system, shared))!;
        await RunLease.BreakAsync(system.Storage, shared, CancellationToken.None);
        await using var second = (await AcquireAsync(system, shared))!;
        foreach (var run in new[] { alone, shared })
        {
            while ((await system.Store.GetStatusAsync(run, CancellationToken.None))!.IsLeased)
            {
                await Task.Delay(Second / 4);
            }
        }

        await only.WriteAsync(only.Status with { Runner = "only" }, CancellationToken.None);
        await Assert.ThrowsAsync<LeaseLostException>(() => first.WriteAsync(first.Status with { Runner = "first" }, CancellationToken.None));
        await second.WriteAsync(second.Status with { Runner = "second" }, CancellationToken.None);

        Assert.Equal(("only", "second"), ((await system.StatusAsync(alone)).Runner, (await system.StatusAsync(shared)).Runner));
        Assert.True((await system.Store.GetStatusAsync(alone, CancellationToken.None))!.IsLeased);
    }

    [Fact]
    public async Task Is_let_go_of_in_seconds_when_the_storage_is_away()
    {
        await using var proxy = await FaultyStorage.StartAsync(azurite);
        var system = await StorageSystem.CreateAsync(await proxy.NewSystemAsync(), patience: TimeSpan.FromMinutes(10));
        var run = await system.SubmitAsync(StorageSystem.Teacher);
        var lease = (await AcquireAsync(system, run))!;
        proxy.Set(StorageFault.Hang);

        await lease.DisposeAsync().AsTask().WaitAsync(Limit);

        Assert.False(lease.IsHeld);
    }

    [Fact]
    public async Task Can_be_let_go_twice_and_after_it_was_lost()
    {
        var system = await StorageSystem.CreateAsync(azurite);
        var run = await system.SubmitAsync(StorageSystem.Teacher);
        var lease = (await AcquireAsync(system, run))!;
        await RunLease.BreakAsync(system.Storage, run, CancellationToken.None);
        await RunLease.BreakAsync(system.Storage, run, CancellationToken.None);

        await lease.ReleaseAsync(CancellationToken.None);
        await lease.ReleaseAsync(CancellationToken.None);
        await lease.DisposeAsync();

        await using var next = await AcquireAsync(system, run);
        Assert.NotNull(next);
    }

    private static Task<RunLease?> AcquireAsync(StorageSystem system, RunId run) =>
        RunLease.TryAcquireAsync(system.Storage, run, system.Clock, CancellationToken.None);

    private static async Task<bool> FiresAsync(CancellationToken token)
    {
        for (var i = 0; i < 100 && !token.IsCancellationRequested; i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50));
        }

        return token.IsCancellationRequested;
    }
}
