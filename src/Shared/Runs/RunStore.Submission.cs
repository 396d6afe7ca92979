using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using ReidCloud.Specs;

namespace ReidCloud.Runs;

/// <summary>The run, where it stands, and whether this submission made it or found it there.</summary>
public sealed record Submission(RunId Run, RunStatus Status, bool Created);

public sealed partial class RunStore
{
    private static readonly byte[] Nothing = [];

    /// <summary>
    /// Writes the run and nudges a runner: five requests for a run that needs no other. Submitting the same spec again finds the same run. The order of
    /// writes lets a death in between be mended: spec; marker and the parents' lists of dependents; status, with which the run is there; its place in
    /// the list and the nudge, at once, because whoever follows the nudge lists the run before it writes anything. A second submission completes what the
    /// first left out, and so does <see cref="StalledRuns"/> from the marker on. Before the marker there is no run: nobody was told of one, and nothing shows it.
    /// </summary>
    /// <param name="spec">Valid by <see cref="SpecRules"/>, on a data set that exists.</param>
    /// <exception cref="SpecException">A run that it builds on does not exist or leaves no checkpoint.</exception>
    public Task<Submission> SubmitAsync(RunSpec spec, CancellationToken cancellationToken) => SubmitAsync(spec, null, cancellationToken);

    /// <inheritdoc cref="SubmitAsync(RunSpec, CancellationToken)"/>
    /// <param name="priority">How soon it is taken; of a run that is there and has not begun, from now on. Null: normal, or as it is.</param>
    public async Task<Submission> SubmitAsync(RunSpec spec, RunPriority? priority, CancellationToken cancellationToken)
    {
        var canonical = ReidJson.Canonical(spec);
        var run = RunId.Of(canonical);
        var parents = await ParentsAsync(spec, cancellationToken).ConfigureAwait(false);

        // Most are new, and the write says so at once; only what is there already costs a read.
        if (!await StoredJson.TryCreateAsync(Blob(RunPaths.Spec(run)), canonical, cancellationToken).ConfigureAwait(false)
            && await GetStatusAsync(run, cancellationToken).ConfigureAwait(false) is { } there)
        {
            return await FoundAsync(run, there.Status, priority, cancellationToken).ConfigureAwait(false);
        }

        await Task.WhenAll(parents.Select(parent => Blob(RunPaths.Dependent(parent, run))).Append(Open(run))
            .Select(blob => StoredJson.TryCreateAsync(blob, Nothing, cancellationToken))).ConfigureAwait(false);
        var now = time.GetUtcNow();
        var status = new RunStatus(parents.Count > 0 ? RunState.Waiting : RunState.Queued, now, now) { Priority = priority ?? RunPriority.Normal };
        if (!await StoredJson.TryCreateAsync(Blob(RunPaths.Status(run)), ReidJson.Write(status), cancellationToken).ConfigureAwait(false))
        {
            return await FoundAsync(run, (await GetStatusAsync(run, cancellationToken).ConfigureAwait(false))!.Status, priority, cancellationToken).ConfigureAwait(false);
        }

        var listed = EnsureListedAsync(run, status, cancellationToken);
        var begun = SetOutAsync(run, status, cancellationToken);
        await Task.WhenAll(listed, begun).ConfigureAwait(false);
        return new Submission(run, await begun.ConfigureAwait(false), Created: true);
    }

    /// <summary>Runs that build on this one, whatever has become of either; a few of them where there are many.</summary>
    public async Task<IReadOnlyList<RunSummary>> ListDependentsAsync(RunId run, int most, CancellationToken cancellationToken)
    {
        var found = new List<RunSummary>();
        var prefix = RunPaths.Dependents(run);
        await foreach (var blob in storage.Runs.GetBlobsAsync(BlobTraits.None, BlobStates.None, prefix, cancellationToken).ConfigureAwait(false))
        {
            if (found.Count == most)
            {
                break;
            }

            // A submission that was cut off leaves the name of a run that never was; what is damaged is told where all runs are listed.
            if (await ReadAsync(0, blob.Name[prefix.Length..], null, null, cancellationToken).ConfigureAwait(false) is { Run: { } dependent })
            {
                found.Add(dependent);
            }
        }

        return found;
    }

    /// <summary>
    /// Tells the runs that build on one what has become of it. Of a finished one, each is queued, keeps waiting for another, or fails because this one did; of
    /// one that is tried again, those that had failed because of it wait again. Whoever was moved so tells its own. One that is damaged is put aside, and keeps
    /// neither the others nor this one from their end.
    /// </summary>
    public async Task ReleaseDependentsAsync(RunId run, CancellationToken cancellationToken)
    {
        for (var moved = new Queue<RunId>([run]); moved.TryDequeue(out var parent);)
        {
            var prefix = RunPaths.Dependents(parent);
            await foreach (var blob in storage.Runs.GetBlobsAsync(BlobTraits.None, BlobStates.None, prefix, cancellationToken).ConfigureAwait(false))
            {
                var dependent = RunId.Parse(blob.Name[prefix.Length..]);
                try
                {
                    if (await TakeUpAsync(dependent, cancellationToken).ConfigureAwait(false))
                    {
                        moved.Enqueue(dependent);
                    }
                }
                catch (InvalidDataException damage)
                {
                    await PutAsideAsync(dependent, damage, cancellationToken).ConfigureAwait(false);
                }
            }

            await CloseAsync(parent, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Moves a waiting run on if what it waits for is decided, and whoever waits for it.</summary>
    internal async Task SettleAsync(RunId run, CancellationToken cancellationToken)
    {
        if (await TakeUpAsync(run, cancellationToken).ConfigureAwait(false))
        {
            await ReleaseDependentsAsync(run, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>A submission that was cut off before the list may have sent no nudge either: this one completes it. Two nudges do no harm.</summary>
    private async Task<Submission> FoundAsync(RunId run, RunStatus status, RunPriority? priority, CancellationToken cancellationToken)
    {
        status = priority is { } wanted && wanted != status.Priority ? await PrioritizeAsync(run, wanted, cancellationToken).ConfigureAwait(false) : status;
        var cut = status.State is RunState.Waiting or RunState.Queued && await EnsureListedAsync(run, status, cancellationToken).ConfigureAwait(false);
        return new Submission(run, cut ? await SetOutAsync(run, status, cancellationToken).ConfigureAwait(false) : status, Created: false);
    }

    /// <summary>Gives a run that has not begun another priority, and nudges accordingly. Returns where it then stands.</summary>
    private async Task<RunStatus> PrioritizeAsync(RunId run, RunPriority priority, CancellationToken cancellationToken)
    {
        while (true)
        {
            var snapshot = (await GetStatusAsync(run, cancellationToken).ConfigureAwait(false))!;
            if (snapshot.Status.Priority == priority || snapshot.IsLeased || snapshot.Status.State is not (RunState.Waiting or RunState.Queued))
            {
                return snapshot.Status;
            }

            var changed = snapshot.Status with { Priority = priority, UpdatedAt = time.GetUtcNow() };
            if (await TryReplaceAsync(run, changed, snapshot, cancellationToken).ConfigureAwait(false))
            {
                if (changed.State == RunState.Queued)
                {
                    await queue.SendAsync(run, changed.Priority, cancellationToken).ConfigureAwait(false);
                }

                return changed;
            }
        }
    }

    /// <summary>Has a run that is there begun, or says that it waits. Returns where it then stands.</summary>
    private async Task<RunStatus> SetOutAsync(RunId run, RunStatus status, CancellationToken cancellationToken)
    {
        if (status.State == RunState.Queued)
        {
            await queue.SendAsync(run, status.Priority, cancellationToken).ConfigureAwait(false);
            return status;
        }

        // The parents may have finished before the dependents' blobs or the status were there to be seen.
        await SettleAsync(run, cancellationToken).ConfigureAwait(false);
        return (await GetStatusAsync(run, cancellationToken).ConfigureAwait(false))!.Status;
    }

    /// <summary>
    /// Moves a run to where its parents have it: one that waits, or that failed because of them and need not have any more. True when it ended or is open
    /// again, so that those which build on it must be told.
    /// </summary>
    private async Task<bool> TakeUpAsync(RunId run, CancellationToken cancellationToken)
    {
        var reopened = false;
        while (await GetStatusAsync(run, cancellationToken).ConfigureAwait(false) is { } snapshot
            && snapshot.Status is { State: RunState.Waiting } or { State: RunState.Failed, Failure.Cause: FailureCause.Parent }
            && Moved(snapshot.Status, await ParentsAsync(run, cancellationToken).ConfigureAwait(false)) is { } next)
        {
            if (!await (snapshot.Status.IsFinal
                ? TryReopenAsync(run, snapshot, next, cancellationToken)
                : TryReplaceAsync(run, next, snapshot, cancellationToken)).ConfigureAwait(false))
            {
                continue;
            }

            if (next.IsFinal)
            {
                return true;
            }

            // One that waits again is looked at once more: its parents may have ended before they could see it.
            reopened |= snapshot.Status.IsFinal;
            if (next.State == RunState.Queued)
            {
                await queue.SendAsync(run, next.Priority, cancellationToken).ConfigureAwait(false);
                break;
            }
        }

        return reopened;
    }

    /// <summary>The status to which its parents move it, or null when it stays as it is.</summary>
    private RunStatus? Moved(RunStatus status, ParentRuns parents)
    {
        var now = time.GetUtcNow();
        return (status.IsFinal, parents.Failure) switch
        {
            (true, not null) => null,
            (true, null) => Renewed(status, parents.AllSucceeded ? RunState.Queued : RunState.Waiting, RetryFrom.Checkpoint),
            (false, { } failure) => status with { State = RunState.Failed, UpdatedAt = now, FinishedAt = now, Failure = failure },
            (false, null) => parents.AllSucceeded ? status with { State = RunState.Queued, UpdatedAt = now } : null,
        };
    }

    /// <summary>How the runs that it builds on stand: which of them cannot help it any more and why, or whether all have succeeded.</summary>
    private async Task<ParentRuns> ParentsAsync(RunId run, CancellationToken cancellationToken)
    {
        var spec = await GetSpecAsync(run, cancellationToken).ConfigureAwait(false)
            ?? throw new InvalidDataException($"run {run} has a status but no spec");
        var allSucceeded = true;
        foreach (var (path, needed) in spec.ParentRuns)
        {
            var id = RunId.Parse(needed);
            var parent = (await GetStatusAsync(id, cancellationToken).ConfigureAwait(false))?.Status;
            if (parent is null or { State: RunState.Failed or RunState.Cancelled })
            {
                var fate = parent is null ? "no longer exists" : parent.State == RunState.Failed ? "failed" : "was cancelled";
                var failure = new RunFailure(
                    FailureCause.Parent,
                    $"run {needed}, whose checkpoint it needs ({path}), {fate}",
                    parent is null
                        ? "submit that run again with another `repeat`, then this one with the new run's id"
                        : parent.Failure?.Message ?? $"`reid retry {needed}` has it done after all, and then this one");
                return new ParentRuns(failure, parent is null ? null : id, AllSucceeded: false);
            }

            allSucceeded &= parent.State == RunState.Succeeded;
        }

        return new ParentRuns(null, null, allSucceeded);
    }

    private async Task<IReadOnlyList<RunId>> ParentsAsync(RunSpec spec, CancellationToken cancellationToken)
    {
        var parents = new List<RunId>();
        foreach (var (path, run) in spec.ParentRuns)
        {
            parents.Add(RunId.TryParse(run, out var parent)
                ? await GetSpecAsync(parent, cancellationToken).ConfigureAwait(false) switch
                {
                    null => throw new SpecException($"{path}.run", $"there is no run {parent}; submit it first"),
                    TrainSpec => parent,
                    _ => throw new SpecException($"{path}.run", $"run {parent} does not train, so it leaves no checkpoint; name a run of kind 'train'"),
                }
                : throw new SpecException($"{path}.run", $"'{run}' is not a run id (twenty lowercase hexadecimal digits)"));
        }

        return parents;
    }

    private async Task<bool> TryReplaceAsync(RunId run, RunStatus status, StatusSnapshot read, CancellationToken cancellationToken)
    {
        await StirAsync(run, read.Status, cancellationToken).ConfigureAwait(false);
        return await StoredJson.TryReplaceAsync(Blob(RunPaths.Status(run)), ReidJson.Write(status), read.Version, cancellationToken).ConfigureAwait(false);
    }

    /// <param name="Failure">What is to be said of a run that builds on them, when one of them cannot help it.</param>
    /// <param name="Failed">That one, if it is there.</param>
    private sealed record ParentRuns(RunFailure? Failure, RunId? Failed, bool AllSucceeded);

    private BlobClient Open(RunId run) => storage.Index.GetBlobClient(RunPaths.Open(run));
}
