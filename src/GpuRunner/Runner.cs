using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using ReidCloud.Datasets;
using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Evaluation;
using ReidCloud.GpuRunner.Jobs;
using ReidCloud.GpuRunner.Models;
using ReidCloud.GpuRunner.Training;
using ReidCloud.Reports;
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
internal sealed class Runner(RunStore store, DatasetStore datasets, RunQueue queue, Device device, RunnerLog log, TimeProvider time)
{
    private readonly WeightsStore _weights = new(store.Storage, time);
    private readonly string _folder = string.IsNullOrWhiteSpace(store.Storage.Options.CacheFolder)
        ? Path.Combine(Path.GetTempPath(), "reidcloud")
        : store.Storage.Options.CacheFolder;

    /// <summary>Waits for a nudge and does what it asks. False: none came.</summary>
    /// <param name="goingAway">The machine is being taken away: stop at the next step and give the run back.</param>
    public async Task<bool> TakeOneAsync(TimeSpan patience, CancellationToken goingAway)
    {
        if (await queue.ReceiveAsync(patience, goingAway) is not { } nudge)
        {
            return false;
        }

        if (nudge.Run is not { } run)
        {
            log.Say($"dropped a message that names no run: '{nudge.Text}'");
            await nudge.CompleteAsync(CancellationToken.None);
            return true;
        }

        // From here the lease owns the run, not the broker: its lock would not last as long as training does.
        await using var lease = await store.ClaimAsync(run, CancellationToken.None);
        await nudge.CompleteAsync(CancellationToken.None);
        if (lease is null)
        {
            log.Say($"{run} another runner has it, or there is nothing to do");
            return true;
        }

        await OwnAsync(lease, goingAway);
        return true;
    }

    /// <summary>One attempt at a run that is ours, to whatever end it comes.</summary>
    private async Task OwnAsync(RunLease lease, CancellationToken goingAway)
    {
        var scratch = Path.Combine(_folder, "scratch", $"{lease.Run}-{Guid.NewGuid():N}");
        try
        {
            var now = time.GetUtcNow();
            await lease.WriteAsync(
                lease.Status with
                {
                    State = RunState.Running,
                    Attempt = lease.Status.Attempt + 1,
                    Runner = $"{Environment.MachineName}/{Environment.ProcessId}",
                    StartedAt = lease.Status.StartedAt ?? now,
                    UpdatedAt = now,
                },
                CancellationToken.None);
            var end = await AttemptAsync(lease, scratch, goingAway);
            if (end.IsFinal)
            {
                await store.FinishAsync(lease, end, CancellationToken.None);
            }
            else
            {
                await store.HandBackAsync(lease, end, CancellationToken.None);
            }
        }
        catch (LeaseLostException lost)
        {
            log.Say($"{lease.Run} {lost.Message}; nothing more is written");
        }
        catch (Exception fault) when (StoreFault.Is(fault))
        {
            log.Say($"{lease.Run} storage cannot be reached ({fault.Message}); the run goes on with whoever finds it when the lease has run out");
        }
        finally
        {
            if (Directory.Exists(scratch))
            {
                Directory.Delete(scratch, recursive: true);
            }
        }
    }

    /// <summary>Does the job and judges how it ended: the status to end the attempt with.</summary>
    private async Task<RunStatus> AttemptAsync(RunLease lease, string scratch, CancellationToken goingAway)
    {
        await using var context = new LeasedRunContext(store, lease, time, scratch, happened => log.Say(lease.Run, happened), goingAway);
        try
        {
            var report = await DoAsync(lease, context, scratch);
            context.Tell(new RunEvent(time.GetUtcNow(), RunEventKind.Finished));
            return await context.CloseAsync() with { State = RunState.Succeeded, FinishedAt = time.GetUtcNow(), Report = report, Runner = null };
        }
        catch (Exception) when (!lease.IsHeld)
        {
            throw new LeaseLostException(lease.Run);
        }
        catch (OperationCanceledException) when (context.IsCancelled)
        {
            context.Tell(new RunEvent(time.GetUtcNow(), RunEventKind.Cancelled));
            return await context.CloseAsync() with { State = RunState.Cancelled, FinishedAt = time.GetUtcNow(), Runner = null };
        }
        catch (OperationCanceledException) when (goingAway.IsCancellationRequested)
        {
            context.Tell(new RunEvent(time.GetUtcNow(), RunEventKind.Released) { Message = "the machine is going away" });
            return await context.CloseAsync();
        }
        catch (Exception fault) when (StoreFault.Is(fault))
        {
            context.Tell(new RunEvent(time.GetUtcNow(), RunEventKind.Released) { Message = $"storage cannot be reached: {fault.Message}" });
            return await context.CloseAsync();
        }
        catch (Exception fault) when (fault is not LeaseLostException)
        {
            var failure = Explain(fault);
            context.Tell(new RunEvent(time.GetUtcNow(), RunEventKind.Failed) { Message = failure.Message });
            return await context.CloseAsync() with { State = RunState.Failed, FinishedAt = time.GetUtcNow(), Failure = failure, Runner = null };
        }
    }

    /// <summary>Reads what the run asks for and builds on, has it done, and puts the report. Returns the report's blob.</summary>
    private async Task<string> DoAsync(RunLease lease, LeasedRunContext context, string scratch)
    {
        var (run, attempt, began) = (lease.Run, lease.Status.Attempt, time.GetTimestamp());
        context.Tell(new RunEvent(time.GetUtcNow(), RunEventKind.Claimed) { Message = $"attempt {attempt} on {Environment.MachineName}, {device}" });
        var spec = await store.GetSpecAsync(run, context.Stop) ?? throw new InvalidDataException($"run {run} has a status but no spec");
        if (attempt > spec.Limits.MaxAttempts)
        {
            throw new TooManyAttemptsException(lease.Status, spec.Limits.MaxAttempts);
        }

        await store.RemoveLeftoversAsync(run, lease.Status, context.Stop);
        Directory.CreateDirectory(scratch);
        var manifest = await datasets.GetManifestAsync(spec.Dataset, context.Stop)
            ?? throw new SpecException("$.dataset", $"there is no data set '{spec.Dataset}' any more; commit it again");
        var parents = await ParentsAsync(spec, scratch, context.Stop);
        await using var checkpoint = await OpenCheckpointAsync(lease, context, scratch);
        using var archives = new ArchiveCache(
            manifest, Path.Combine(_folder, "archives"), (blob, file, token) => datasets.DownloadUploadAsync(manifest.Name, blob, file, null, token));
        var frames = new DatasetFrames(manifest, archives.Read, Path.Combine(_folder, "frames"), GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4);

        // A thread of its own: dispose scopes and gradient modes belong to a thread, and the pool's are for those who serve the job.
        var job = JobRegistry.Create(spec, frames, parents, context, time, device);
        var outcome = await Task.Factory.StartNew(
            () => job.Run(checkpoint), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        context.Measured(outcome.Settings);
        var published = lease.Status.Checkpoint?.Sha256 ?? outcome.Parents[0].CheckpointSha256;
        var report = new MetricReport(run.ToString(), spec, outcome.Settings, LineageOf(manifest, outcome, published, attempt), CostOf(outcome, began))
        {
            Losses = outcome.Losses,
            History = outcome.History,
            Warnings = outcome.Warnings,
            GalleryCurve = outcome.GalleryCurve,
            CameraBias = outcome.CameraBias,
            Against = outcome.Against,
            Files = context.Files,
        };
        var blob = RunPaths.Report(run, attempt);
        await store.PutAttemptBlobAsync(blob, ReidJson.Write(report), CancellationToken.None);
        return blob;
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
            await store.DownloadAsync(pointer, file, stop);
            parents.Add(checkpoint, new Parent(checkpoint, pointer.Sha256, file));
        }

        return parents;
    }

    /// <summary>The local file of pushed weights, named by its hash, verified, and kept for the next run.</summary>
    private async Task<string> CachedAsync(string name, WeightsManifest weights, CancellationToken stop)
    {
        var file = Path.Combine(_folder, "weights", weights.Sha256);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        using var turn = ArchiveCache.WaitForTurn($"{file}.lock");
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

    private Lineage LineageOf(DatasetManifest manifest, JobOutcome outcome, string checkpoint, int attempts) => new(
        manifest.Hash,
        outcome.Parents,
        checkpoint,
        typeof(Runner).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion,
        __version__,
        device.ToString(),
        get_num_threads(),
        $"{Environment.MachineName}, {RuntimeInformation.OSDescription}, {Environment.ProcessorCount} processors",
        RuntimeInformation.FrameworkDescription)
    {
        Attempts = attempts,
        TrainedOnDatasetHash = outcome.TrainedOnDatasetHash,
    };

    private RunCost CostOf(JobOutcome outcome, long began)
    {
        using var process = Process.GetCurrentProcess();
        return new RunCost(time.GetElapsedTime(began).TotalSeconds, outcome.TrainingImagesPerSecond, process.PeakWorkingSet64);
    }

    /// <summary>A mistake that a person can mend is told in its own words; anything else is a fault of this program and says so.</summary>
    private static RunFailure Explain(Exception fault)
    {
        var cause = FailureCauses.Of(fault);
        var message = cause == FailureCause.Fault
            ? $"{fault.GetType().Name}: {fault.Message} (most likely a fault of this program; the detail has the whole exception)"
            : fault.Message;
        return new RunFailure(cause, message, fault.ToString());
    }
}
