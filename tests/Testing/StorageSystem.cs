using ReidCloud.Runs;
using ReidCloud.Specs;

namespace ReidCloud.Tests.Testing;

/// <summary>A store with its queue on the emulator, empty and its own, and the few specs that its tests need.</summary>
internal sealed class StorageSystem
{
    private StorageSystem(StorageAccess storage, ManualClock clock, TimeProvider time)
    {
        (Storage, Clock, Queue) = (storage, clock, RunQueues.Create(storage));
        Store = new RunStore(storage, Queue, clock);
        Stalled = new StalledRuns(Store, Queue, clock);
        Datasets = new DatasetStore(storage, time);
    }

    public static TrainSpec Teacher { get; } = new("market", new ModelSpec(BackboneName.ResNet18), new SupervisedSpec());

    public StorageAccess Storage { get; }

    public ManualClock Clock { get; }

    public RunQueue Queue { get; }

    public RunStore Store { get; }

    public StalledRuns Stalled { get; }

    public DatasetStore Datasets { get; }

    /// <param name="datasetTime">What data sets go by, where that must agree with the emulator's clock.</param>
    public static async Task<StorageSystem> CreateAsync(AzuriteFixture azurite, TimeProvider? datasetTime = null) =>
        await CreateAsync(await azurite.NewSystemAsync(), datasetTime);

    /// <summary>Another process of the same system, or one that reaches it on another way.</summary>
    public static async Task<StorageSystem> CreateAsync(ReidCloudOptions options, TimeProvider? datasetTime = null, TimeSpan? patience = null)
    {
        var storage = new StorageAccess(options, patience);
        await storage.CreateAsync(CancellationToken.None);
        var clock = new ManualClock();
        return new StorageSystem(storage, clock, datasetTime ?? clock);
    }

    public static TrainSpec StudentOf(RunId teacher, int repeat = 0) =>
        Teacher with { Method = new ViewDistillationSpec(new CheckpointRef(teacher.ToString())), Repeat = repeat };

    public async Task<RunId> SubmitAsync(RunSpec spec) => (await Store.SubmitAsync(spec, CancellationToken.None)).Run;

    public async Task<RunStatus> StatusAsync(RunId run) => (await Store.GetStatusAsync(run, CancellationToken.None))!.Status;

    /// <summary>Does what a runner does with a run that ends so.</summary>
    public async Task FinishAsync(RunId run, RunState state)
    {
        await using var lease = (await Store.ClaimAsync(run, CancellationToken.None))!;
        var failure = state == RunState.Failed ? new RunFailure(FailureCause.OutOfMemory, "out of memory", "the whole story") : null;
        await Store.FinishAsync(lease, lease.Status with { State = state, Failure = failure }, CancellationToken.None);
    }

    /// <summary>The runs that are nudged now, in the order in which their nudges arrive; they are taken off the queue.</summary>
    public async Task<IReadOnlyList<RunId>> NudgesAsync()
    {
        var runs = new List<RunId>();
        while (await Queue.ReceiveAsync(TimeSpan.Zero, CancellationToken.None) is { } nudge)
        {
            runs.Add(nudge.Run!.Value);
            await nudge.CompleteAsync(CancellationToken.None);
        }

        return runs;
    }
}
