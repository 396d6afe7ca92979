using System.Globalization;
using ReidCloud.GpuRunner.Data;
using ReidCloud.Reports;
using ReidCloud.Runs;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.EndToEnd;

/// <summary>What can happen to a run, each played with a real store, queue and training, by the sentence that README has for it.</summary>
internal static class PromiseStories
{
    /// <summary>A checkpoint every epoch.</summary>
    private static readonly TrainSpec Short = TinySpecs.Light with
    {
        Epochs = 4,
        Checkpoints = new CheckpointSpec(EveryEpochs: 1),
        Evaluation = new EvaluationSpec { Frames = 2 },
    };

    /// <summary>No checkpoint but those that an interruption makes, and no end.</summary>
    private static readonly TrainSpec Endless = Short with { Epochs = 50_000, Checkpoints = new CheckpointSpec(EveryEpochs: 50_000) };

    public static IReadOnlyDictionary<string, Func<AzuriteFixture, Task<PromiseStory>>> All { get; } = new Dictionary<string, Func<AzuriteFixture, Task<PromiseStory>>>
    {
        ["Its runner is killed: SIGKILL, the kernel, a power cut"] = KilledAsync,
        ["Its process crashes: a fault of a library, an abort"] = CrashedAsync,
        ["It hangs: no step is finished for `limits.stall`"] = HungAsync,
        ["Its machine is going away: SIGTERM"] = GoingAwayAsync,
        ["Its lease is lost: its process stood still, or an operator broke it"] = LeaseLostAsync,
        ["The storage does not answer for a while"] = StorageAwayAsync,
        ["The storage does not answer for longer than `StoragePatience`"] = StorageGoneAsync,
        ["The queue is emptied, deleted or down"] = QueueGoneAsync,
        ["Its last checkpoint is damaged"] = DamagedAsync,
        ["You cancel it before it starts"] = CancelledQueuedAsync,
        ["You cancel it while it runs"] = CancelledRunningAsync,
        ["It runs for longer than `limits.timeout`"] = TimeoutAsync,
        ["`limits.maxAttempts` attempts broke off"] = SpentAsync,
        ["A loss becomes infinite or no number"] = DivergedAsync,
        ["Memory runs out, or is about to"] = MemoryAsync,
        ["The data set cannot serve the request"] = BadDataAsync,
        ["A run that it builds on fails"] = ParentAsync,
    };

    private static async Task<PromiseStory> KilledAsync(AzuriteFixture azurite)
    {
        var (system, run) = await StartAsync(azurite, Short);
        using (var runner = RunnerProcess.Start(system.Options, "once"))
        {
            await system.UntilAsync(run, runner, status => status.Checkpoint is { Epoch: >= 1 });
            runner.Kill();
            await runner.WaitForExitAsync();
        }

        await RunLease.BreakAsync(system.Storage, run, CancellationToken.None);
        return await TakenUpAgainAsync(system, run, Short);
    }

    private static async Task<PromiseStory> CrashedAsync(AzuriteFixture azurite)
    {
        var (system, run) = await StartAsync(azurite, Short);
        using var runner = RunnerProcess.Start(system.Options, "serve");
        await system.UntilAsync(run, runner, status => status.Checkpoint is { Epoch: >= 1 });
        var interrupted = await system.StatusAsync(run);
        var worker = int.Parse(interrupted.Attempts[^1].Runner.Split('/')[1], CultureInfo.InvariantCulture);
        await system.UntilAsync(
            run,
            runner,
            status =>
            {
                // .NET takes the first such signal from outside for a fault of managed code.
                interrupted = status.Attempt == 1 ? status : interrupted;
                if (Directory.Exists($"/proc/{worker}"))
                {
                    RunnerProcess.Signal(worker, "ABRT");
                }

                return status.Attempt > 1;
            });
        await system.UntilAsync(run, runner, status => status.IsFinal);
        return await EndAsync(system, run, Short, interrupted);
    }

    private static async Task<PromiseStory> HungAsync(AzuriteFixture azurite)
    {
        var spec = Short with { Limits = new LimitsSpec(MaxAttempts: 100) { Stall = TimeSpan.FromSeconds(20) } };
        var (system, run) = await StartAsync(azurite, spec);
        await TakeUntilAsync(system, "epoch 2/");
        var interrupted = await system.StatusAsync(run);
        var archives = Path.Combine(system.Options.CacheFolder, "archives");
        Directory.Delete(archives, recursive: true);
        Directory.CreateDirectory(archives);
        var manifest = (await new DatasetStore(system.Storage, TimeProvider.System).GetManifestAsync("tiny", CancellationToken.None))!;

        // Somebody else is fetching the archive, and takes his time.
        using var turn = ArchiveCache.WaitForTurn(Path.Combine(archives, $"{ArchiveCache.NameOf(manifest.Name, manifest.Blobs[0])}.lock"), CancellationToken.None);
        using var runner = RunnerProcess.Start(system.Options, "serve");
        await system.UntilAsync(run, runner, status => status.Attempts.Any(attempt => attempt.End == AttemptEnd.Hung));
        turn.Dispose();
        await system.UntilAsync(run, runner, status => status.IsFinal);
        return await EndAsync(system, run, spec, interrupted);
    }

    /// <summary>It got so far on a larger machine; the next one is too small.</summary>
    private static async Task<PromiseStory> MemoryAsync(AzuriteFixture azurite)
    {
        var (system, run) = await StartAsync(azurite, Endless);
        await TakeUntilAsync(system, "epoch 2/");
        system.Options.MemoryLimitMiB = 1;
        await system.Runner.TakeOneAsync(RunnerSystem.Patience, CancellationToken.None);
        system.Options.MemoryLimitMiB = 0;
        return await AskedAgainAsync(system, run, Endless);
    }

    private static async Task<PromiseStory> GoingAwayAsync(AzuriteFixture azurite)
    {
        var spec = Endless with { Epochs = 6 };
        var (system, run) = await StartAsync(azurite, spec);
        await TakeUntilAsync(system, "epoch 2/");
        return await TakenUpAgainAsync(system, run, spec, nudged: true);
    }

    private static async Task<PromiseStory> LeaseLostAsync(AzuriteFixture azurite)
    {
        var (system, run) = await StartAsync(azurite, Short);
        system.When("epoch 2/", () => RunLease.BreakAsync(system.Storage, run, CancellationToken.None).Wait());
        await system.Runner.TakeOneAsync(RunnerSystem.Patience, CancellationToken.None);
        return await TakenUpAgainAsync(system, run, Short);
    }

    private static async Task<PromiseStory> StorageAwayAsync(AzuriteFixture azurite)
    {
        await using var way = await FaultyStorage.StartAsync(azurite);
        var (system, run) = await StartAsync(azurite, Short, way, patience: TimeSpan.FromMinutes(5));
        system.When("epoch 2/", () =>
        {
            var outage = way.Set(StorageFault.Busy);
            _ = Task.Delay(TimeSpan.FromSeconds(3)).ContinueWith(_ => outage.Dispose(), TaskScheduler.Default);
        });
        await system.Runner.TakeOneAsync(RunnerSystem.Patience, CancellationToken.None);
        Assert.NotEmpty(way.Injected);
        return await EndAsync(system, run, Short, await system.StatusAsync(run));
    }

    private static async Task<PromiseStory> StorageGoneAsync(AzuriteFixture azurite)
    {
        await using var way = await FaultyStorage.StartAsync(azurite);
        var (system, run) = await StartAsync(azurite, Short, way, patience: TimeSpan.FromSeconds(2));
        StorageRule? outage = null;
        system.When("epoch 2/", () => outage = way.Set(StorageFault.Busy));
        await system.Runner.TakeOneAsync(RunnerSystem.Patience, CancellationToken.None);
        outage!.Dispose();
        await RunLease.BreakAsync(system.Storage, run, CancellationToken.None);
        return await TakenUpAgainAsync(system, run, Short);
    }

    private static async Task<PromiseStory> QueueGoneAsync(AzuriteFixture azurite)
    {
        var (system, run) = await StartAsync(azurite, Short);
        await system.Storage.Queue.DeleteIfExistsAsync();
        var interrupted = await system.StatusAsync(run);
        Assert.False(await system.Runner.TakeOneAsync(TimeSpan.FromSeconds(2), CancellationToken.None), "nothing came");
        Assert.True(await SweepAsync(system));
        await system.Runner.TakeOneAsync(RunnerSystem.Patience, CancellationToken.None);
        return await EndAsync(system, run, Short, interrupted);
    }

    private static async Task<PromiseStory> DamagedAsync(AzuriteFixture azurite)
    {
        var (system, run) = await StartAsync(azurite, Short);
        await TakeUntilAsync(system, "epoch 3/");
        var kept = (await system.StatusAsync(run)).Checkpoint!;
        await system.Storage.Runs.GetBlobClient(kept.Blob).UploadAsync(BinaryData.FromString("rust"), overwrite: true);
        return await TakenUpAgainAsync(system, run, Short, nudged: true);
    }

    private static async Task<PromiseStory> CancelledQueuedAsync(AzuriteFixture azurite)
    {
        var (system, run) = await StartAsync(azurite, Short);
        await system.Store.RequestCancelAsync(run, CancellationToken.None);
        await system.Runner.TakeOneAsync(RunnerSystem.Patience, CancellationToken.None);
        Assert.Empty((await system.Store.ReadEventsAsync(run, default, CancellationToken.None)).Events);
        return await AskedAgainAsync(system, run, Short);
    }

    private static async Task<PromiseStory> CancelledRunningAsync(AzuriteFixture azurite)
    {
        var (system, run) = await StartAsync(azurite, Endless);
        system.When("epoch 2/", () => system.Store.RequestCancelAsync(run, CancellationToken.None).Wait());
        await system.Runner.TakeOneAsync(RunnerSystem.Patience, CancellationToken.None);
        return await AskedAgainAsync(system, run, Endless);
    }

    private static async Task<PromiseStory> TimeoutAsync(AzuriteFixture azurite)
    {
        var spec = Endless with { Limits = new LimitsSpec { Timeout = TimeSpan.FromSeconds(4) } };
        var (system, run) = await StartAsync(azurite, spec);
        await system.Runner.TakeOneAsync(RunnerSystem.Patience, CancellationToken.None);
        return await AskedAgainAsync(system, run, spec);
    }

    private static async Task<PromiseStory> SpentAsync(AzuriteFixture azurite)
    {
        var spec = Short with { Limits = new LimitsSpec(MaxAttempts: 1) };
        var (system, run) = await StartAsync(azurite, spec);
        using (var runner = RunnerProcess.Start(system.Options, "once"))
        {
            await system.UntilAsync(run, runner, status => status.Checkpoint is { Epoch: >= 1 });
            runner.Kill();
            await runner.WaitForExitAsync();
        }

        await RunLease.BreakAsync(system.Storage, run, CancellationToken.None);
        Assert.True(await SweepAsync(system), "it is found");
        await system.Runner.TakeOneAsync(RunnerSystem.Patience, CancellationToken.None);
        return await AskedAgainAsync(system, run, spec);
    }

    /// <summary>The first epoch goes well; then the rate is such that nothing can.</summary>
    private static async Task<PromiseStory> DivergedAsync(AzuriteFixture azurite)
    {
        var spec = Short with { Optimizer = new SgdSpec(1e-4), Schedule = new MultiStepSpec([1], Gamma: 1e34) };
        var (system, run) = await StartAsync(azurite, spec);
        await system.Runner.TakeOneAsync(RunnerSystem.Patience, CancellationToken.None);
        return await AskedAgainAsync(system, run, spec);
    }

    private static async Task<PromiseStory> BadDataAsync(AzuriteFixture azurite)
    {
        var spec = Short with { Sampling = new SamplingSpec(Identities: 7) };
        var (system, run) = await StartAsync(azurite, spec);
        await system.Runner.TakeOneAsync(RunnerSystem.Patience, CancellationToken.None);
        return await AskedAgainAsync(system, run, spec);
    }

    private static async Task<PromiseStory> ParentAsync(AzuriteFixture azurite)
    {
        var (system, teacher) = await StartAsync(azurite, Short);
        var spec = Short with { Method = new ViewDistillationSpec(new CheckpointRef(teacher.ToString()), TeacherViews: 3, StudentViews: 2) };
        var run = await system.SubmitAsync(spec);
        await system.Store.RequestCancelAsync(teacher, CancellationToken.None);
        await system.Runner.TakeOneAsync(RunnerSystem.Patience, CancellationToken.None);
        var interrupted = await system.StatusAsync(run);
        var nudged = await SweepAsync(system);

        await system.Store.RetryAsync(teacher, RetryFrom.Checkpoint, CancellationToken.None);
        Assert.Equal(RunState.Waiting, (await system.StatusAsync(run)).State);
        await system.Runner.TakeOneAsync(RunnerSystem.Patience, CancellationToken.None);
        await TakeUntilAsync(system, "epoch 1/");
        return await EndAsync(system, run, spec, interrupted) with { AskedAgain = true, NudgedWhenOver = nudged };
    }

    /// <summary>Somebody else takes the run when its nudge has come, or a sweep has found it, and ends it.</summary>
    private static async Task<PromiseStory> TakenUpAgainAsync(RunnerSystem system, RunId run, RunSpec spec, bool nudged = false)
    {
        var interrupted = await system.StatusAsync(run);
        if (!nudged)
        {
            Assert.True(await SweepAsync(system), "it is found");
        }

        Assert.True(await system.Runner.TakeOneAsync(RunnerSystem.Patience, CancellationToken.None), "it is taken");
        return await EndAsync(system, run, spec, interrupted);
    }

    /// <summary>Nobody takes the run, until a person asks for it; then it goes on, for a moment.</summary>
    private static async Task<PromiseStory> AskedAgainAsync(RunnerSystem system, RunId run, RunSpec spec)
    {
        var interrupted = await system.StatusAsync(run);
        var nudged = await SweepAsync(system) || await system.Queue.ReceiveAsync(TimeSpan.Zero, CancellationToken.None) is not null;
        await system.Store.RetryAsync(run, RetryFrom.Checkpoint, CancellationToken.None);
        await TakeUntilAsync(system, "resumed", "epoch 1/");
        return await EndAsync(system, run, spec, interrupted) with { AskedAgain = true, NudgedWhenOver = nudged };
    }

    private static async Task<PromiseStory> EndAsync(RunnerSystem system, RunId run, RunSpec spec, RunStatus interrupted) =>
        new(spec, interrupted, await system.StatusAsync(run), await system.Store.ReadAllEventsAsync(run));

    private static async Task<(RunnerSystem System, RunId Run)> StartAsync(AzuriteFixture azurite, RunSpec spec, FaultyStorage? way = null, TimeSpan? patience = null)
    {
        var options = way is null ? await azurite.NewSystemAsync() : await way.NewSystemAsync();
        options.StoragePatience = patience ?? options.StoragePatience;
        var system = await RunnerSystem.CreateAsync(options);
        await TinyDataset.CommitAsync(system.Storage, TinyDataset.Zip());
        return (system, await system.SubmitAsync(spec));
    }

    /// <summary>Has the run taken, and its machine taken away when the runner says one of these.</summary>
    private static async Task TakeUntilAsync(RunnerSystem system, params string[] words)
    {
        using var goingAway = new CancellationTokenSource();
        foreach (var word in words)
        {
            system.When(word, goingAway.Cancel);
        }

        Assert.True(await system.Runner.TakeOneAsync(RunnerSystem.Patience, goingAway.Token), "it is taken");
    }

    /// <summary>A sweep some minutes later: whether it sent for a runner.</summary>
    private static async Task<bool> SweepAsync(RunnerSystem system)
    {
        var later = new ManualClock(DateTimeOffset.UtcNow.AddMinutes(5));
        return (await new StalledRuns(system.Store, system.Queue, later).SweepAsync(CancellationToken.None)).Nudged > 0;
    }
}
