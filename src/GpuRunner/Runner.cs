using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using ReidCloud.Datasets;
using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Evaluation;
using ReidCloud.GpuRunner.Jobs;
using ReidCloud.GpuRunner.Models;
using ReidCloud.GpuRunner.Training;
using ReidCloud.Reports;
using ReidCloud.Reports.Page;
using ReidCloud.Reports.TensorBoard;
using ReidCloud.Runs;
using ReidCloud.Specs;
using ReidCloud.Weights;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner;

/// <summary>
/// The story of one run. A nudge says "look at run X"; whoever gets the run's lease owns it, and the nudge is done with; the job turns spec,
/// frames and checkpoints into figures; the report is put, then the status says succeeded. Every write that others can see is made here or
/// by <see cref="LeasedRunContext"/>, and none after the lease is lost.
/// </summary>
internal sealed class Runner(RunStore store, DatasetStore datasets, RunQueue queue, Placement placement, RunnerLog log, TimeProvider time)
{
    private const int LastEvents = 20;

    /// <summary>Ends of attempts that the storage has not been told.</summary>
    private readonly Queue<(RunId Run, int Attempt, AttemptEvidence Evidence)> _untold = new();

    private readonly WeightsStore _weights = new(store.Storage, time);
    private readonly string _folder = string.IsNullOrWhiteSpace(store.Storage.Options.CacheFolder)
        ? Path.Combine(Path.GetTempPath(), "reidcloud")
        : store.Storage.Options.CacheFolder;

    /// <summary>Hears which run this runner owns, and null when it owns none any more.</summary>
    public Action<OwnedRun?> Owns { get; init; } = _ => { };

    /// <summary>How long it still waits for the storage when the machine is going away.</summary>
    public TimeSpan Grace { get; init; } = GpuRunner.Grace.Usual;

    /// <summary>Ends this process, with an exit code, when its run hangs.</summary>
    public Action<int> End { get; init; } = NativeProcess.ExitNow;

    private long MemoryLimit => store.Storage.Options.MemoryLimitMiB is var stated and > 0 ? (long)stated << 20 : ProcessMemory.Available() / 10 * 9;

    private string Scratch => Path.Combine(_folder, "scratch");

    /// <summary>Removes from the cache folder what killed runners have left there. Returns of how many.</summary>
    public int Sweep() => ScratchFolder.Sweep(Scratch);

    /// <summary>
    /// Whether a run failed in a way that this process may not have got over: what it leaked is still there, a device stays in its error state. The next run
    /// deserves a fresh one.
    /// </summary>
    public bool IsWorn { get; private set; }

    /// <summary>Waits for a nudge and does what it asks. False: none came.</summary>
    /// <param name="goingAway">The machine is being taken away: stop at the next step and give the run back.</param>
    public async Task<bool> TakeOneAsync(TimeSpan patience, CancellationToken goingAway)
    {
        using var grace = new Grace(goingAway, Grace);
        await TellEndsAsync(grace);
        if (await queue.ReceiveAsync(patience, goingAway) is not { } nudge)
        {
            return false;
        }

        if (nudge.Run is not { } run)
        {
            await PutAsideAsync(nudge, grace, FailureCause.BadSpec, "it names no run: a nudge is a run's id and nothing else");
            return true;
        }

        // From here the lease owns the run, not the broker: its lock would not last as long as training does.
        await using (var lease = await TryClaimAsync(nudge, run, grace))
        {
            TellOwner(lease, attempt: 0);
            await nudge.CompleteAsync(grace.Over);
            if (lease is null)
            {
                log.Say($"{run} another runner has it, or there is nothing to do");
                return true;
            }

            await OwnAsync(lease, grace, goingAway);
        }

        Owns(null);
        return true;
    }

    /// <summary>The run's lease, if there is anything to do. A nudge to a run that is not there, or cannot be read, is put aside.</summary>
    private async Task<RunLease?> TryClaimAsync(Nudge nudge, RunId run, Grace grace)
    {
        try
        {
            if (await store.ClaimAsync(run, grace.Over) is { } lease)
            {
                return lease;
            }

            if (await store.GetStatusAsync(run, grace.Over) is null)
            {
                await PutAsideAsync(nudge, grace, FailureCause.BadSpec, $"there is no run {run}");
            }
        }
        catch (InvalidDataException damage)
        {
            await PutAsideAsync(nudge, grace, FailureCause.BadData, RunStore.Told(damage));
        }

        return null;
    }

    private async Task PutAsideAsync(Nudge nudge, Grace grace, FailureCause cause, string why)
    {
        await store.PutAsideAsync(nudge, cause, why, grace.Over);
        await nudge.CompleteAsync(grace.Over);
        log.Say($"put the message '{ForeignText.Shown(nudge.Text)}' aside: {why}");
    }

    /// <summary>One attempt at a run that is ours, to whatever end it comes.</summary>
    private async Task OwnAsync(RunLease lease, Grace grace, CancellationToken goingAway)
    {
        try
        {
            var found = await store.HearEndsAsync(lease.Run, lease.Status, grace.Over);
            var now = time.GetUtcNow();
            if (await store.IsCancelRequestedAsync(lease.Run, grace.Over))
            {
                log.Say($"{lease.Run} was cancelled before it started");
                await store.FinishAsync(lease, found with { State = RunState.Cancelled, FinishedAt = now, UpdatedAt = now, Runner = null }, grace.Past);
                return;
            }

            await lease.WriteAsync(
                found.Begun($"{Environment.MachineName}/{Environment.ProcessId}", MemoryLimit, now), grace.Over);
            TellOwner(lease, lease.Status.Attempt);
            using var scratch = ScratchFolder.Create(Scratch, $"{lease.Run}-{Guid.NewGuid():N}");
            var end = await AttemptAsync(lease, scratch.Path, grace, goingAway);
            await (end.IsFinal ? store.FinishAsync(lease, end, grace.Past) : store.HandBackAsync(lease, end, grace.Past));
        }
        catch (LeaseLostException) when (lease.IsUnanswered)
        {
            log.Say($"{lease.Run} storage did not answer for {store.Storage.Patience:c}; the run goes on with whoever finds it");
            await LeaveAsync(lease, AttemptEnd.StorageAway, $"storage did not answer for {store.Storage.Patience:c} (ReidCloud__StoragePatience)", grace);
        }
        catch (LeaseLostException lost)
        {
            log.Say($"{lease.Run} {lost.Message}; nothing more is written");
            await LeaveAsync(lease, AttemptEnd.LeaseLost, "another runner may own the run: this one did not answer for longer than its lease, or somebody broke it", grace);
            await RemoveOwnAsync(lease.Run, grace);
        }
        catch (OperationCanceledException) when (goingAway.IsCancellationRequested)
        {
            log.Say($"{lease.Run} storage does not answer in time; the run goes on with whoever finds it when the lease has run out");
        }
        catch (Exception fault) when (StoreFault.Is(fault))
        {
            log.Say($"{lease.Run} storage cannot be reached ({fault.Message}); the run goes on with whoever finds it when the lease has run out");
            await LeaveAsync(lease, AttemptEnd.StorageAway, $"storage could not be reached: {fault.Message}", grace);
        }
    }

    private void TellOwner(RunLease? lease, int attempt)
    {
        if (lease is not null)
        {
            Owns(new OwnedRun(lease.Run, attempt, lease.Id));
        }
    }

    /// <summary>Does the job and judges how it ended: the status to end the attempt with.</summary>
    private async Task<RunStatus> AttemptAsync(RunLease lease, string scratch, Grace grace, CancellationToken goingAway)
    {
        await using var context = new LeasedRunContext(store, lease, time, scratch, happened => log.Say(lease.Run, happened), goingAway, grace.Over);
        try
        {
            var report = await DoAsync(lease, context, scratch, grace);
            context.Tell(new RunEvent(time.GetUtcNow(), RunEventKind.Finished));
            var status = await context.CloseAsync();
            await PutCurvesAsync(lease, grace);
            return Final(status, RunState.Succeeded, AttemptEnd.Succeeded) with { Report = report };
        }
        catch (Exception) when (lease.IsLost)
        {
            throw new LeaseLostException(lease.Run);
        }
        catch (OperationCanceledException) when (context.IsCancelled)
        {
            context.Tell(new RunEvent(time.GetUtcNow(), RunEventKind.Cancelled));
            return Final(await context.CloseAsync(), RunState.Cancelled, AttemptEnd.Cancelled);
        }
        catch (OperationCanceledException) when (!context.IsTimeUp && context.Outgrown is null && goingAway.IsCancellationRequested)
        {
            return await ReleasedAsync(context, AttemptEnd.Released, "the machine is going away");
        }
        catch (Exception fault) when (StoreFault.Is(fault))
        {
            return await ReleasedAsync(context, AttemptEnd.StorageAway, $"storage cannot be reached: {fault.Message}");
        }
        catch (Exception fault) when (fault is not LeaseLostException)
        {
            var why = fault is not OperationCanceledException ? fault
                : context.Outgrown is { } figures ? new MemoryLimitException(figures)
                : context.IsTimeUp ? new TimeLimitException(context.Status)
                : fault;
            var failure = FailureReport.Of(lease.Run, why, context.Status);
            IsWorn |= why is not AttemptsSpentException && failure.Cause is FailureCause.OutOfMemory or FailureCause.Fault or FailureCause.Infrastructure;
            context.Tell(new RunEvent(time.GetUtcNow(), RunEventKind.Failed) { Message = failure.Message });
            return Final(await context.CloseAsync(), RunState.Failed, AttemptEnd.Failed, failure.Message) with { Failure = failure };
        }
    }

    private RunStatus Final(RunStatus status, RunState state, AttemptEnd end, string? message = null)
    {
        var now = time.GetUtcNow();
        return status.Ended(end, message, now) with { State = state, FinishedAt = now, UpdatedAt = now, Runner = null };
    }

    private async Task<RunStatus> ReleasedAsync(LeasedRunContext context, AttemptEnd end, string why)
    {
        context.Tell(new RunEvent(time.GetUtcNow(), RunEventKind.Released) { Message = why });
        return (await context.CloseAsync()).Ended(end, why, time.GetUtcNow());
    }

    /// <summary>Leaves the end of an attempt that cannot write the run's status any more.</summary>
    private async Task LeaveAsync(RunLease lease, AttemptEnd end, string message, Grace grace)
    {
        if (lease.Status.Attempts is not [.., { End: null } attempt])
        {
            return;
        }

        _untold.Enqueue((lease.Run, attempt.Number, new AttemptEvidence(end, time.GetUtcNow(), message) { MemoryBytes = ProcessMemory.Resident() }));
        await TellEndsAsync(grace);
    }

    /// <summary>What this attempt has put since somebody else ended the run counts for nothing, and nobody else would look for it.</summary>
    private async Task RemoveOwnAsync(RunId run, Grace grace)
    {
        try
        {
            if (await store.GetStatusAsync(run, grace.Past) is { Status: { IsFinal: true } final })
            {
                await store.RemoveLeftoversAsync(run, final, grace.Past);
            }
        }
        catch (Exception fault) when (StoreFault.Is(fault) || grace.Past.IsCancellationRequested)
        {
            log.Say($"{run} leftovers of a lost attempt stay where they are: {fault.Message}");
        }
    }

    /// <summary>Without the storage it is tried again before the next run is taken.</summary>
    private async Task TellEndsAsync(Grace grace)
    {
        while (_untold.TryPeek(out var end))
        {
            try
            {
                await store.LeaveEvidenceAsync(end.Run, end.Attempt, end.Evidence, grace.Past);
                _untold.Dequeue();
            }
            catch (Exception fault) when (StoreFault.Is(fault) || grace.Past.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <summary>Reads what the run asks for and builds on, has it done, and puts the report. Returns the report's blob.</summary>
    private async Task<string> DoAsync(RunLease lease, LeasedRunContext context, string scratch, Grace grace)
    {
        var (run, attempt, began) = (lease.Run, lease.Status.Attempt, time.GetTimestamp());
        context.Tell(new RunEvent(time.GetUtcNow(), RunEventKind.Claimed) { Message = $"attempt {attempt} on {Environment.MachineName}, {placement}" });
        var spec = await store.GetSpecAsync(run, context.Stop) ?? throw new InvalidDataException($"run {run} has a status but no spec");
        await RequireLeaveAsync(lease, context, spec.Limits);
        var used = placement.For(spec);
        if (used.Devices.Count < placement.Devices.Count)
        {
            context.Tell(new RunEvent(time.GetUtcNow(), RunEventKind.Note)
            {
                Message = $"of {placement.Devices.Count} devices it computes on {used} alone: only replicas ($.replicas) and the peers of mutual learning are spread over several",
            });
        }

        await store.RemoveLeftoversAsync(run, lease.Status, context.Stop);
        var whole = await datasets.GetManifestAsync(spec.Dataset, context.Stop)
            ?? throw new SpecException("$.dataset", $"there is no data set '{spec.Dataset}' any more; commit it again");
        var manifest = CameraPart.Of(ValidationPart.Of(whole, spec), spec);
        var parents = await ParentsAsync(spec, scratch, context.Stop);
        await using var checkpoint = await OpenCheckpointAsync(lease, context, scratch);
        using var archives = new ArchiveCache(
            manifest,
            Path.Combine(_folder, "archives"),
            async (blob, file, token) =>
            {
                using var wait = context.WaitForStorage();
                await datasets.DownloadUploadAsync(manifest.Name, blob, file, null, token);
            },
            context.Beat,
            context.Stop);
        var frames = new DatasetFrames(manifest, archives.Read, Path.Combine(_folder, "frames"), GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4);

        // A thread of its own: dispose scopes, gradient modes and the number of threads of an operation belong to a thread, and the pool's are for those who serve the job.
        var job = JobRegistry.Create(spec, frames, parents, context, time, used);
        context.Watch(spec.Limits.Stall, MemoryLimit, () => End(ExitCode.Hung));
        var (outcome, threads) = await Task.Factory.StartNew(
            () => (job.Run(checkpoint), get_num_threads()), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        context.Measured(outcome.Settings);
        await context.SaveFileAsync(RunFileName.Insights, file => file.Write(ReidJson.Write(outcome.Insights)), grace.Over);
        var published = lease.Status.Checkpoint?.Sha256 ?? outcome.Parents[0].CheckpointSha256;
        var report = new MetricReport(run.ToString(), spec, outcome.Settings, LineageOf(manifest, outcome, published, attempt, used, threads), CostOf(lease.Status, outcome, began))
        {
            Losses = outcome.Losses,
            History = outcome.History,
            Warnings = outcome.Warnings,
            GalleryCurve = outcome.GalleryCurve,
            CameraBias = outcome.CameraBias,
            KnownCameras = outcome.KnownCameras,
            ModalityBias = outcome.ModalityBias,
            CameraStatistics = outcome.CameraStatistics,
            Against = outcome.Against,
            Peers = outcome.Peers,
            Files = context.Files,
        };
        var blob = RunPaths.Report(run, attempt);
        using var wait = context.WaitForStorage();
        lease.ThrowIfLost();
        await store.PutAttemptBlobAsync(RunPaths.ReportPage(run, attempt), Encoding.UTF8.GetBytes(ReportPage.Write(report, outcome.Insights)), grace.Over);
        await store.PutAttemptBlobAsync(RunPaths.ReportText(run, attempt), Encoding.UTF8.GetBytes(ReportText.Write(report, outcome.Insights)), grace.Over);
        await store.PutAttemptBlobAsync(RunPaths.ReportTable(run, attempt), Encoding.UTF8.GetBytes(ReportTable.Write(report, outcome.Insights)), grace.Over);
        await store.PutAttemptBlobAsync(blob, ReidJson.Write(report), grace.Over);
        return blob;
    }

    /// <summary>Puts the run's curves for TensorBoard, of the events of all attempts: they are in the store when the context is closed.</summary>
    private async Task PutCurvesAsync(RunLease lease, Grace grace)
    {
        var spec = await store.GetSpecAsync(lease.Run, grace.Over) ?? throw new InvalidDataException($"run {lease.Run} has a status but no spec");
        using var file = new MemoryStream();
        if (RunCurves.Write(file, spec, await store.ReadAllEventsAsync(lease.Run, grace.Over)))
        {
            lease.ThrowIfLost();
            await store.PutAttemptBlobAsync(RunPaths.File(lease.Run, lease.Status.Attempt, RunFileName.TensorBoard), file, grace.Over);
        }
    }

    /// <exception cref="AttemptsSpentException">As many attempts as it has broke off.</exception>
    /// <exception cref="OperationCanceledException">The context stops it: it has had its time.</exception>
    private async Task RequireLeaveAsync(RunLease lease, LeasedRunContext context, LimitsSpec limits)
    {
        var status = lease.Status;
        if (limits.Timeout is { } allowed)
        {
            context.LimitTime(allowed - status.Running() - (time.GetUtcNow() - status.Attempts[^1].StartedAt));
            context.Stop.ThrowIfCancellationRequested();
        }

        if (status.BrokenOff() < limits.MaxAttempts)
        {
            return;
        }

        var evidence = new Dictionary<int, AttemptEvidence>();
        foreach (var broken in status.Attempts.Where(one => one.BrokeOff && status.Counts(one)))
        {
            if (await store.GetEvidenceAsync(lease.Run, broken.Number, context.Stop) is { } left)
            {
                evidence.Add(broken.Number, left);
            }
        }

        throw AttemptsSpentException.Of(
            status, limits.MaxAttempts, evidence, await store.ReadLastEventsAsync(lease.Run, status.Attempt - 1, LastEvents, context.Stop));
    }

    /// <summary>The published checkpoints that the run builds on, each as a verified local file.</summary>
    private async Task<Dictionary<CheckpointRef, Parent>> ParentsAsync(RunSpec spec, string scratch, CancellationToken stop)
    {
        var parents = new Dictionary<CheckpointRef, Parent>();
        foreach (var (path, checkpoint) in spec.Parents)
        {
            if (parents.ContainsKey(checkpoint))
            {
                continue;
            }

            if (checkpoint.Weights is { } name)
            {
                var weights = await _weights.GetAsync(name, stop) ?? throw new SpecException($"{path}.weights", $"there are no weights '{name}' any more; {ImageNetWeights.Remedy(name)}");
                parents.Add(checkpoint, new Parent(checkpoint, weights.Sha256, await CachedAsync(name, weights, stop), weights));
                continue;
            }

            var status = (await store.GetStatusAsync(RunId.Parse(checkpoint.Run!), stop))?.Status;
            if (status is not { State: RunState.Succeeded, Checkpoint: { } pointer })
            {
                throw new SpecException($"{path}.run", $"run {checkpoint.Run} has no result to build on: it {status?.State.ToString().ToLowerInvariant() ?? "does not exist"}");
            }

            var file = Path.Combine(scratch, $"{checkpoint.Run}.safetensors");
            if (!File.Exists(file))
            {
                await store.DownloadAsync(pointer, file, stop);
            }

            var report = spec is ExportSpec ? await store.GetReportAsync(RunId.Parse(checkpoint.Run!), stop) : null;
            parents.Add(checkpoint, new Parent(checkpoint, pointer.Sha256, file) { Report = report });
        }

        return parents;
    }

    /// <summary>The local file of pushed weights, named by its hash, verified, and kept for the next run.</summary>
    private async Task<string> CachedAsync(string name, WeightsManifest weights, CancellationToken stop)
    {
        var file = Path.Combine(_folder, "weights", weights.Sha256);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        using var turn = ArchiveCache.WaitForTurn($"{file}.lock", stop);
        await _weights.DownloadAsync(name, weights, file, stop);
        return file;
    }

    /// <summary>Where an attempt before this one got to: the newest checkpoint that is whole, or null. It is told which, and which are not.</summary>
    private async Task<FileStream?> OpenCheckpointAsync(RunLease lease, LeasedRunContext context, string scratch)
    {
        List<CheckpointPointer> kept = [.. lease.Status.KeptCheckpoints()];
        foreach (var (i, pointer) in kept.Index())
        {
            var file = Path.Combine(scratch, "resume.safetensors");
            try
            {
                await store.DownloadAsync(pointer, file, context.Stop);
            }
            catch (Exception fault) when (fault is InvalidDataException or FileNotFoundException)
            {
                var next = i + 1 < kept.Count ? "going further back" : "no checkpoint is left, so it starts at the beginning";
                context.Tell(new RunEvent(time.GetUtcNow(), RunEventKind.Note) { Message = $"{fault.Message}; {next}" });
                await context.DropCheckpointAsync(pointer);
                continue;
            }

            context.Tell(new RunEvent(time.GetUtcNow(), RunEventKind.Resumed) { Epoch = pointer.Epoch, Step = pointer.Step });
            return File.OpenRead(file);
        }

        return null;
    }

    private Lineage LineageOf(DatasetManifest manifest, JobOutcome outcome, string checkpoint, int attempts, Placement used, int threads) => new(
        manifest.Hash,
        outcome.Parents,
        checkpoint,
        typeof(Runner).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion,
        __version__,
        used.ToString(),
        threads,
        $"{Environment.MachineName}, {RuntimeInformation.OSDescription}, {Environment.ProcessorCount} processors",
        RuntimeInformation.FrameworkDescription)
    {
        Attempts = attempts,
        TrainedOnDatasetHash = outcome.TrainedOnDatasetHash,
        DatasetSplit = SplitVariants.Names.Contains(manifest.Variant) ? $"{manifest.Layout}/{manifest.Variant}" : null,
    };

    private RunCost CostOf(RunStatus status, JobOutcome outcome, long began)
    {
        using var process = Process.GetCurrentProcess();
        var (seconds, before) = (time.GetElapsedTime(began).TotalSeconds, status.BeforeTheLast());
        return new RunCost(seconds, outcome.TrainingImagesPerSecond, process.PeakWorkingSet64)
        {
            AllSeconds = seconds + before.Running.TotalSeconds,
            RedoneSeconds = before.Redone.TotalSeconds,
        };
    }
}
