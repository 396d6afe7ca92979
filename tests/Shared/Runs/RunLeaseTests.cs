using ReidCloud.Runs;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Shared.Runs;

public sealed class RunLeaseTests(AzuriteFixture azurite)
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

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
        Assert.Equal(running, await system.StatusAsync(run));
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
    public async Task Tells_its_owner_when_its_time_has_run_out_without_an_answer()
    {
        var system = await StorageSystem.CreateAsync(azurite);
        var run = await system.SubmitAsync(StorageSystem.Teacher);
        await using var lease = (await AcquireAsync(system, run))!;

        system.Clock.Advance(15.1 * Second);

        Assert.False(lease.IsHeld);
        await Assert.ThrowsAsync<LeaseLostException>(() => lease.WriteAsync(lease.Status, CancellationToken.None));
        Assert.True(await FiresAsync(lease.Lost));
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
