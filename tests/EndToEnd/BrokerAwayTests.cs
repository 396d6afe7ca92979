using ReidCloud.Runs;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.EndToEnd;

/// <summary>The broker can lose, double, replay and refuse: every run still ends, once.</summary>
[Collection(RunnersCollection.Name)]
public sealed class BrokerAwayTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task Nudges_that_are_lost_doubled_replayed_or_cannot_be_sent_change_nothing()
    {
        await using var disturbed = await DisturbedRun.SubmitAsync(azurite);
        var (run, storage) = (disturbed.Run, disturbed.Direct.Storage);
        var evaluation = await disturbed.Direct.SubmitAsync(new EvaluateSpec("tiny", new CheckpointRef($"{run}")) { Evaluation = DisturbedRun.Spec.Evaluation });

        // Lost: somebody deleted the queues, or the message's time was over.
        await storage.Queue.DeleteAsync();
        await storage.HighQueue.DeleteAsync();
        Assert.False(await disturbed.Direct.Runner.TakeOneAsync(TimeSpan.Zero, CancellationToken.None));
        Assert.Equal(1, (await disturbed.SweepAsync()).Nudged);

        // Doubled: another runner takes the second. Away: from then on, the queues answer nobody.
        await SendAsync(disturbed, run);
        Task<bool>? other = null;
        disturbed.System.When("epoch 1/3", () =>
        {
            other = disturbed.Direct.Runner.TakeOneAsync(RunnerSystem.Patience, CancellationToken.None);
            other.Wait();
            disturbed.Proxy.Set(StorageFault.Busy, request => request.IsQueue);
        });
        Assert.True(await disturbed.TakeOneAsync());
        Assert.True(await other!);
        Assert.Contains($"{run} another runner has it", disturbed.Direct.Log.ToString(), StringComparison.Ordinal);
        await disturbed.AssertUndisturbedAsync(azurite);
        disturbed.Proxy.Clear();

        // Replayed after the end, any number of times.
        var end = (await disturbed.StatusAsync()).Version;
        await SendAsync(disturbed, run);
        await SendAsync(disturbed, run);
        Assert.True(await disturbed.TakeOneAsync());
        Assert.True(await disturbed.TakeOneAsync());
        Assert.Equal(end, (await disturbed.StatusAsync()).Version);
        Assert.Single(await disturbed.BlobsAsync("report.json"));

        // Whoever waited for it was not nudged, and is found.
        Assert.Equal(RunState.Queued, (await disturbed.Direct.StatusAsync(evaluation)).State);
        Assert.False(await disturbed.Direct.Runner.TakeOneAsync(TimeSpan.Zero, CancellationToken.None));
        Assert.Equal(1, (await disturbed.SweepAsync()).Nudged);
        Assert.True(await disturbed.TakeOneAsync());
        Assert.Equal(RunState.Succeeded, (await disturbed.Direct.StatusAsync(evaluation)).State);
    }

    private static Task SendAsync(DisturbedRun disturbed, RunId run) => disturbed.Direct.Queue.SendAsync(run, RunPriority.Normal, CancellationToken.None);
}
