using Azure.Storage.Blobs;
using ReidCloud.Runs;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;
using static TorchSharp.torch;

namespace ReidCloud.Tests.EndToEnd;

/// <summary>One short training whose runner reaches the storage through a proxy, and what the same training leaves that nobody disturbs.</summary>
internal sealed class DisturbedRun : IAsyncDisposable
{
    private static Task<string>? _undisturbed;

    private DisturbedRun(FaultyStorage proxy, RunnerSystem direct, RunnerSystem system, RunId run) =>
        (Proxy, Direct, System, Run) = (proxy, direct, system, run);

    public static TrainSpec Spec { get; } = TinySpecs.Light with
    {
        Epochs = 3,
        Checkpoints = new CheckpointSpec(EveryEpochs: 1),
        Evaluation = new EvaluationSpec { Frames = 2 },
    };

    public FaultyStorage Proxy { get; }

    /// <summary>The same system past the proxy.</summary>
    public RunnerSystem Direct { get; }

    public RunnerSystem System { get; }

    public RunId Run { get; }

    public static async Task<DisturbedRun> SubmitAsync(AzuriteFixture azurite, TimeSpan? patience = null)
    {
        var proxy = await FaultyStorage.StartAsync(azurite);
        var direct = await RunnerSystem.CreateAsync(azurite);
        direct.Options.Threads = get_num_threads();
        direct.Options.StoragePatience = patience ?? direct.Options.StoragePatience;
        await TinyDataset.CommitAsync(direct.Storage, TinyDataset.Zip());
        var run = await direct.SubmitAsync(Spec);
        return new DisturbedRun(proxy, direct, await RunnerSystem.CreateAsync(proxy.Through(direct.Options)), run);
    }

    /// <summary>Takes what is nudged. True: there was something.</summary>
    public Task<bool> TakeOneAsync() => System.Runner.TakeOneAsync(RunnerSystem.Patience, CancellationToken.None);

    public async Task<StatusSnapshot> StatusAsync() => (await Direct.Store.GetStatusAsync(Run, CancellationToken.None))!;

    /// <summary>Waits until the service takes the lease for run out.</summary>
    public async Task LeaseRunsOutAsync()
    {
        while ((await StatusAsync()).IsLeased)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200));
        }
    }

    /// <summary>What the sweep of some minutes later does.</summary>
    public Task<StalledRunsFound> SweepAsync() =>
        new StalledRuns(Direct.Store, Direct.Queue, new ManualClock(DateTimeOffset.UtcNow.AddMinutes(5))).SweepAsync(CancellationToken.None);

    /// <summary>It ended as if nothing had been: the same bytes, and one report.</summary>
    public async Task AssertUndisturbedAsync(AzuriteFixture azurite)
    {
        Assert.Equal(await (_undisturbed ??= UndisturbedAsync(azurite)), await RunRemains.ReadAsync(Direct, Run));
        Assert.Single(await BlobsAsync("report.json"));
    }

    public async Task<IReadOnlyList<string>> BlobsAsync(string ending)
    {
        var names = new List<string>();
        await foreach (var blob in Direct.Storage.Runs.GetBlobsAsync(prefix: $"{Run}/"))
        {
            names.Add(blob.Name);
        }

        return [.. names.Where(name => name.EndsWith(ending, StringComparison.Ordinal))];
    }

    public ValueTask DisposeAsync() => Proxy.DisposeAsync();

    private static async Task<string> UndisturbedAsync(AzuriteFixture azurite)
    {
        var system = await RunnerSystem.CreateAsync(azurite);
        await TinyDataset.CommitAsync(system.Storage, TinyDataset.Zip());
        var run = await system.SubmitAsync(Spec);
        await system.Runner.TakeOneAsync(RunnerSystem.Patience, CancellationToken.None);
        return await RunRemains.ReadAsync(system, run);
    }
}
