using System.Diagnostics;
using ReidCloud.GpuRunner;
using ReidCloud.Runs;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;
using static TorchSharp.torch;

namespace ReidCloud.Tests.GpuRunner;

/// <summary>A machine that goes away while the storage is away as well.</summary>
[Collection(RunnersCollection.Name)]
public sealed class PreemptionTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task A_runner_that_cannot_give_its_run_back_in_time_leaves_it_to_the_lease()
    {
        await using var proxy = await FaultyStorage.StartAsync(azurite);
        var system = await RunnerSystem.CreateAsync(azurite);
        await TinyDataset.CommitAsync(system.Storage, TinyDataset.Zip());
        var run = await system.SubmitAsync(TinySpecs.Light with { Epochs = 5000, Checkpoints = new CheckpointSpec(1000) });
        var storage = new StorageAccess(proxy.Through(system.Options), TimeSpan.FromMinutes(10));
        await using var queue = RunQueues.Create(storage);
        var runner = new Runner(
            new RunStore(storage, queue, TimeProvider.System), new DatasetStore(storage, TimeProvider.System), queue, CPU, new RunnerLog(system.Log, TimeProvider.System), TimeProvider.System)
        {
            Grace = TimeSpan.FromSeconds(2),
        };
        using var goingAway = new CancellationTokenSource();
        var asked = 0L;
        system.When("epoch 2/5000", () =>
        {
            proxy.Set(StorageFault.Busy);
            asked = Stopwatch.GetTimestamp();
            goingAway.Cancel();
        });

        await runner.TakeOneAsync(RunnerSystem.Patience, goingAway.Token);

        Assert.InRange(Stopwatch.GetElapsedTime(asked), TimeSpan.Zero, TimeSpan.FromSeconds(60));
        Assert.Contains("storage does not answer in time", system.Log.ToString(), StringComparison.Ordinal);
        Assert.Equal(RunState.Running, (await system.StatusAsync(run)).State);
    }
}
