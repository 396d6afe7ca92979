using ReidCloud.Reports;
using ReidCloud.Runs;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.EndToEnd;

/// <summary>The storage can vanish under a run: it waits, and is given back when that takes too long; it never fails for it.</summary>
[Collection(RunnersCollection.Name)]
public sealed class StorageAwayTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task A_run_outlives_a_storage_that_is_away_for_longer_than_its_lease_and_answers_in_every_wrong_way()
    {
        await using var disturbed = await DisturbedRun.SubmitAsync(azurite);
        var away = Task.CompletedTask;
        disturbed.System.When("epoch 1/3", () => away = BeAwayAsync(disturbed));

        await disturbed.TakeOneAsync();
        await away;

        await disturbed.AssertUndisturbedAsync(azurite);
        Assert.Equal([AttemptEnd.Succeeded], (await disturbed.StatusAsync()).Status.Attempts.Select(attempt => attempt.End!.Value));
        foreach (var fault in new[] { StorageFault.Busy, StorageFault.Broken, StorageFault.Cut, StorageFault.Hang, StorageFault.LoseAnswer })
        {
            Assert.True(disturbed.Proxy.Injected.GetValueOrDefault(fault) > 0, $"{fault} was not met: {string.Join(", ", disturbed.Proxy.Injected)}");
        }
    }

    [Fact]
    public async Task A_run_whose_storage_is_away_for_longer_than_its_runner_waits_is_found_and_goes_on()
    {
        await using var disturbed = await DisturbedRun.SubmitAsync(azurite, patience: TimeSpan.FromSeconds(2));
        StorageRule? away = null;
        disturbed.System.When("epoch 2/3", () => away = disturbed.Proxy.Set(StorageFault.Cut));

        await disturbed.TakeOneAsync();

        var left = await disturbed.StatusAsync();
        Assert.Equal((RunState.Running, null, 1), (left.Status.State, left.Status.Failure, left.Status.Checkpoint?.Epoch));
        away!.Dispose();
        await disturbed.LeaseRunsOutAsync();
        Assert.Equal(1, (await disturbed.SweepAsync()).Nudged);
        Assert.True(await disturbed.TakeOneAsync());
        await disturbed.AssertUndisturbedAsync(azurite);
        var attempts = (await disturbed.StatusAsync()).Status.Attempts;
        Assert.Equal(2, attempts.Count);
        Assert.Contains(attempts[0].End, new AttemptEnd?[] { AttemptEnd.StorageAway, AttemptEnd.LeaseLost });
        Assert.False(attempts[0].BrokeOff);
    }

    [Fact]
    public async Task A_run_is_given_back_at_once_if_the_storage_is_there_again_when_its_runner_has_lost_patience()
    {
        await using var disturbed = await DisturbedRun.SubmitAsync(azurite, patience: TimeSpan.FromSeconds(1));
        StorageRule? away = null;
        disturbed.System.When("epoch 1/3", () => away = disturbed.Proxy.Set(StorageFault.Busy));
        disturbed.System.When("storage cannot be reached", () => away!.Dispose());

        await disturbed.TakeOneAsync();

        var back = await disturbed.StatusAsync();
        Assert.Equal((RunState.Queued, false), (back.Status.State, back.IsLeased));
        Assert.True(await disturbed.TakeOneAsync(), "its nudge was sent again");
        await disturbed.AssertUndisturbedAsync(azurite);
        Assert.Equal([AttemptEnd.StorageAway, AttemptEnd.Succeeded], (await disturbed.StatusAsync()).Status.Attempts.Select(attempt => attempt.End!.Value));
        var events = await disturbed.Direct.Store.ReadEventsAsync(disturbed.Run, default, CancellationToken.None);
        Assert.Contains(events.Events, happened => happened.Kind == RunEventKind.Released);
    }

    /// <summary>Every request meets some fault until the lease has run out, then nobody listens at all; when the storage is back, the first answers are lost.</summary>
    private static async Task BeAwayAsync(DisturbedRun disturbed)
    {
        var count = 0;
        disturbed.Proxy.Set(StorageFault.Busy);
        disturbed.Proxy.Set(StorageFault.Broken, _ => count % 4 == 1);
        disturbed.Proxy.Set(StorageFault.Cut, _ => count % 4 == 2);
        disturbed.Proxy.Set(StorageFault.Hang, _ => Interlocked.Increment(ref count) % 4 == 3);
        await disturbed.LeaseRunsOutAsync();
        await disturbed.Proxy.RefuseAsync();
        await Task.Delay(TimeSpan.FromSeconds(1));
        disturbed.Proxy.Clear();
        var seen = new HashSet<string>();
        disturbed.Proxy.Set(StorageFault.LoseAnswer, request =>
        {
            lock (seen)
            {
                return request.IsWrite && seen.Add(request.Header("x-ms-client-request-id")!);
            }
        });
        await disturbed.Proxy.ListenAsync();
    }
}
