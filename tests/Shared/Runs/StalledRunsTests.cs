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

        Assert.Equal(new StalledRunsFound(1, 0, 0, 0), await system.Stalled.SweepAsync(CancellationToken.None));
        system.Clock.Advance(Later);
        Assert.Equal(new StalledRunsFound(1, 1, 0, 0), await system.Stalled.SweepAsync(CancellationToken.None));

        Assert.Equal([run], await system.NudgesAsync());
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
        Assert.Equal(new StalledRunsFound(1, 0, 0, 0), await system.Stalled.SweepAsync(CancellationToken.None));
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

    /// <summary>The manual clock starts in the past of the emulator's; this brings it past any blob's age limit.</summary>
    private static TimeSpan FarAhead => TimeProvider.System.GetUtcNow() - new ManualClock().GetUtcNow() + TimeSpan.FromHours(1);
}
