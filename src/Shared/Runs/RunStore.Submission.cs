using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using ReidCloud.Specs;

namespace ReidCloud.Runs;

/// <summary>The run, and whether this submission made it or found it there.</summary>
public sealed record Submission(RunId Run, bool Created);

public sealed partial class RunStore
{
    private static readonly byte[] Nothing = [];

    /// <summary>
    /// Writes the run and nudges a runner. Submitting the same spec again finds the same run. The order of writes lets a death in between be mended by
    /// a second submission or by <see cref="StalledRuns"/>: marker, spec, the parents' lists of dependents, status, then the place in the list.
    /// </summary>
    /// <param name="spec">Valid by <see cref="SpecRules"/>, on a data set that exists.</param>
    /// <exception cref="SpecException">A run that it builds on does not exist or leaves no checkpoint.</exception>
    public async Task<Submission> SubmitAsync(RunSpec spec, CancellationToken cancellationToken)
    {
        var run = RunId.Of(spec);
        if (await GetStatusAsync(run, cancellationToken).ConfigureAwait(false) is not null)
        {
            return new Submission(run, Created: false);
        }

        var parents = await ParentsAsync(spec, cancellationToken).ConfigureAwait(false);
        await StoredJson.TryCreateAsync(Open(run), Nothing, cancellationToken).ConfigureAwait(false);
        await StoredJson.TryCreateAsync(Blob(RunPaths.Spec(run)), ReidJson.Canonical(spec), cancellationToken).ConfigureAwait(false);
        foreach (var parent in parents)
        {
            await StoredJson.TryCreateAsync(Blob(RunPaths.Dependent(parent, run)), Nothing, cancellationToken).ConfigureAwait(false);
        }

        var now = time.GetUtcNow();
        var status = new RunStatus(parents.Count > 0 ? RunState.Waiting : RunState.Queued, now, now);
        if (!await StoredJson.TryCreateAsync(Blob(RunPaths.Status(run)), ReidJson.Write(status), cancellationToken).ConfigureAwait(false))
        {
            return new Submission(run, Created: false);
        }

        await EnsureListedAsync(run, status, cancellationToken).ConfigureAwait(false);
        if (status.State == RunState.Queued)
        {
            await queue.SendAsync(run, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            // The parents may have finished before the dependents' blobs or the status were there to be seen.
            await SettleAsync(run, cancellationToken).ConfigureAwait(false);
        }

        return new Submission(run, Created: true);
    }

    /// <summary>
    /// Tells the runs that wait for a finished one: each is queued, keeps waiting for another, or fails because this one did, and then tells its own.
    /// </summary>
    public async Task ReleaseDependentsAsync(RunId run, CancellationToken cancellationToken)
    {
        for (var finished = new Queue<RunId>([run]); finished.TryDequeue(out var parent);)
        {
            var prefix = RunPaths.Dependents(parent);
            await foreach (var blob in storage.Runs.GetBlobsAsync(BlobTraits.None, BlobStates.None, prefix, cancellationToken).ConfigureAwait(false))
            {
                var dependent = RunId.Parse(blob.Name[prefix.Length..]);
                if (await TakeUpAsync(dependent, cancellationToken).ConfigureAwait(false) is { IsFinal: true })
                {
                    finished.Enqueue(dependent);
                }
            }

            await Open(parent).DeleteIfExistsAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Moves a waiting run on if what it waits for is decided, and whoever waits for it.</summary>
    internal async Task SettleAsync(RunId run, CancellationToken cancellationToken)
    {
        if (await TakeUpAsync(run, cancellationToken).ConfigureAwait(false) is { IsFinal: true })
        {
            await ReleaseDependentsAsync(run, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Puts the run into the list of runs if a death in the middle of its submission kept it out.</summary>
    internal Task EnsureListedAsync(RunId run, RunStatus status, CancellationToken cancellationToken) =>
        StoredJson.TryCreateAsync(storage.Index.GetBlobClient(RunPaths.Submitted(status.SubmittedAt, run)), Nothing, cancellationToken);

    /// <summary>The status that a waiting run was moved to, or null when it was not moved.</summary>
    private async Task<RunStatus?> TakeUpAsync(RunId run, CancellationToken cancellationToken)
    {
        while (await GetStatusAsync(run, cancellationToken).ConfigureAwait(false) is { Status.State: RunState.Waiting } snapshot)
        {
            var now = time.GetUtcNow();
            var (decided, failure) = await ParentsDecideAsync(run, cancellationToken).ConfigureAwait(false);
            if (!decided)
            {
                return null;
            }

            var next = failure is null
                ? snapshot.Status with { State = RunState.Queued, UpdatedAt = now }
                : snapshot.Status with { State = RunState.Failed, UpdatedAt = now, FinishedAt = now, Failure = failure };
            if (await TryReplaceAsync(run, next, snapshot, cancellationToken).ConfigureAwait(false))
            {
                if (next.State == RunState.Queued)
                {
                    await queue.SendAsync(run, cancellationToken).ConfigureAwait(false);
                }

                return next;
            }
        }

        return null;
    }

    private async Task<(bool Decided, RunFailure? Failure)> ParentsDecideAsync(RunId run, CancellationToken cancellationToken)
    {
        var spec = await GetSpecAsync(run, cancellationToken).ConfigureAwait(false)
            ?? throw new InvalidDataException($"run {run} has a status but no spec");
        var decided = true;
        foreach (var (path, needed) in spec.ParentRuns)
        {
            var parent = (await GetStatusAsync(RunId.Parse(needed), cancellationToken).ConfigureAwait(false))?.Status;
            if (parent is null or { State: RunState.Failed or RunState.Cancelled })
            {
                var fate = parent is null ? "no longer exists" : parent.State == RunState.Failed ? "failed" : "was cancelled";
                return (true, new RunFailure(
                    FailureCause.Parent,
                    $"run {needed}, whose checkpoint it needs ({path}), {fate}",
                    parent?.Failure?.Message ?? $"submit that run again with another `repeat`, then this one with the new run's id"));
            }

            decided &= parent.State == RunState.Succeeded;
        }

        return (decided, null);
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

    private async Task<bool> TryReplaceAsync(RunId run, RunStatus status, StatusSnapshot read, CancellationToken cancellationToken) =>
        await StoredJson.TryReplaceAsync(Blob(RunPaths.Status(run)), ReidJson.Write(status), read.Version, cancellationToken).ConfigureAwait(false);

    private BlobClient Open(RunId run) => storage.Index.GetBlobClient(RunPaths.Open(run));
}
