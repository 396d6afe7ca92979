using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using ReidCloud.Specs;

namespace ReidCloud.Runs;

public sealed partial class RunStore
{
    /// <summary>What the marker of a final run holds while somebody is about to try it again: it is left where it is then.</summary>
    private static readonly byte[] Retrying = "retry"u8.ToArray();

    /// <summary>A retry that has not got past its marker by now never will.</summary>
    private static readonly TimeSpan LongestRetry = TimeSpan.FromMinutes(10);

    /// <summary>A runner that has ended a run lets go of it within moments.</summary>
    private static readonly TimeSpan LettingGo = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BeforeAnotherLook = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// Has a run that failed or was cancelled done again; those that failed because it did wait for it again. Its attempts so far are forgiven. Returns
    /// where it then stands, or null when there is no such run. Two who ask at once ask the same. One write decides, the status; what comes before it may be
    /// left behind by a death without harm, and what comes after it is made up for by <see cref="StalledRuns"/> and by the run's end.
    /// </summary>
    /// <exception cref="RunConflictException">It has succeeded or is not over, or a run that it builds on has to be tried again first.</exception>
    public async Task<RunStatus?> RetryAsync(RunId run, RetryFrom from, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        for (var over = false; ; over = true)
        {
            // Read before the status: a cancellation that is asked for after this retry is another, and stays.
            var cancel = await VersionAsync(Blob(RunPaths.Cancel(run)), cancellationToken).ConfigureAwait(false);
            if (await GetStatusAsync(run, cancellationToken).ConfigureAwait(false) is not { } snapshot)
            {
                return null;
            }

            // It was over and is not any more: somebody else's retry, or this one's, whose answer was lost.
            var done = over && !snapshot.Status.IsFinal && (from == RetryFrom.Checkpoint || snapshot.Status.Checkpoint is null);
            if (!done)
            {
                var state = await RequireAnotherTryAsync(run, snapshot.Status, cancellationToken).ConfigureAwait(false);
                if (snapshot.IsLeased)
                {
                    await AwaitReleaseAsync(run, began, cancellationToken).ConfigureAwait(false);
                    continue;
                }

                await RemoveAsync(Blob(RunPaths.Cancel(run)), cancel, cancellationToken).ConfigureAwait(false);
                done = await TryReopenAsync(run, snapshot, Renewed(snapshot.Status, state, from), cancellationToken).ConfigureAwait(false);
            }

            if (done)
            {
                return await FollowUpAsync(run, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>The state in which it begins again.</summary>
    private async Task<RunState> RequireAnotherTryAsync(RunId run, RunStatus status, CancellationToken cancellationToken)
    {
        if (status.State == RunState.Succeeded)
        {
            throw new RunConflictException(run, $"Run {run} has succeeded: there is nothing to try again. To do the same once more, submit it with another `repeat`.");
        }

        if (!status.IsFinal)
        {
            throw new RunConflictException(
                run, $"Run {run} is {NameConverterFactory.NameOf(status.State)}: only a run that failed or was cancelled can be tried again. `reid cancel {run}` stops it first.");
        }

        var parents = await ParentsAsync(run, cancellationToken).ConfigureAwait(false);
        if (parents.Failure is not { } failure)
        {
            return parents.AllSucceeded ? RunState.Queued : RunState.Waiting;
        }

        var then = status.Failure?.Cause == FailureCause.Parent ? "this one then waits for it again by itself" : "then this one";
        throw new RunConflictException(run, parents.Failed is { } parent
            ? $"Run {run} cannot be tried again yet: {failure.Message}. Retry that first, `reid retry {parent}`; {then}."
            : $"Run {run} cannot be tried again: {failure.Message}. {failure.Detail}.");
    }

    private async Task AwaitReleaseAsync(RunId run, long began, CancellationToken cancellationToken)
    {
        if (time.GetElapsedTime(began) > LettingGo)
        {
            throw new RunConflictException(run, $"Run {run} has just ended and its runner has not let go of it yet: try again in a minute.");
        }

        await Task.Delay(BeforeAnotherLook, time, cancellationToken).ConfigureAwait(false);
    }

    private RunStatus Renewed(RunStatus status, RunState state, RetryFrom from)
    {
        var renewed = status with { State = state, UpdatedAt = time.GetUtcNow(), FinishedAt = null, Failure = null, Runner = null, RetriedAfter = status.Attempt };
        return from == RetryFrom.Checkpoint
            ? renewed
            : renewed with { Checkpoint = null, OlderCheckpoints = [], BestCheckpoint = null, Progress = null };
    }

    /// <summary>Writes that a final run is not final any more. The marker comes first: from then on nobody forgets the run, and the sweep finds it.</summary>
    private async Task<bool> TryReopenAsync(RunId run, StatusSnapshot read, RunStatus renewed, CancellationToken cancellationToken)
    {
        await Open(run).UploadAsync(BinaryData.FromBytes(Retrying), overwrite: true, cancellationToken).ConfigureAwait(false);
        if (!await TryReplaceAsync(run, renewed, read, cancellationToken).ConfigureAwait(false))
        {
            return false;
        }

        await Open(run).UploadAsync(BinaryData.FromBytes(Nothing), overwrite: true, cancellationToken).ConfigureAwait(false);
        await RemoveDeadAsync(run, read.Status, cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>All that follows from its being open again. May be done twice.</summary>
    private async Task<RunStatus> FollowUpAsync(RunId run, CancellationToken cancellationToken)
    {
        var status = (await GetStatusAsync(run, cancellationToken).ConfigureAwait(false))!.Status;
        if (status.State == RunState.Queued)
        {
            await queue.SendAsync(run, status.Priority, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            // What it waits for may have ended since it was looked at.
            await SettleAsync(run, cancellationToken).ConfigureAwait(false);
        }

        await ReleaseDependentsAsync(run, cancellationToken).ConfigureAwait(false);
        return (await GetStatusAsync(run, cancellationToken).ConfigureAwait(false))!.Status;
    }

    /// <summary>Takes a final run out of those that are looked after, unless somebody is about to try it again; one that failed is listed as such.</summary>
    private async Task CloseAsync(RunId run, CancellationToken cancellationToken)
    {
        // Read before the status: the marker that a later retry writes is another, and stays.
        var marker = Open(run);
        if (await PropertiesAsync(marker, cancellationToken).ConfigureAwait(false) is not { } there
            || await GetStatusAsync(run, cancellationToken).ConfigureAwait(false) is not { Status: { IsFinal: true } status })
        {
            return;
        }

        // Before the marker goes, so that a death in between is mended by the next sweep.
        if (status.State == RunState.Failed)
        {
            await EnsureDeadAsync(run, status, cancellationToken).ConfigureAwait(false);
        }

        if (there.ContentLength > 0 && time.GetUtcNow() - there.LastModified < LongestRetry)
        {
            return;
        }

        // Looked at before the marker goes: what a retry that comes after that does to the entry stays.
        var entry = await VersionAsync(Entry(run, status), cancellationToken).ConfigureAwait(false);
        if (await RemoveAsync(marker, there.ETag, cancellationToken).ConfigureAwait(false) && there.ContentLength == 0 && entry is { } version)
        {
            await RestAsync(run, status, version, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<ETag?> VersionAsync(BlobClient blob, CancellationToken cancellationToken) =>
        (await PropertiesAsync(blob, cancellationToken).ConfigureAwait(false))?.ETag;

    private static async Task<BlobProperties?> PropertiesAsync(BlobClient blob, CancellationToken cancellationToken)
    {
        try
        {
            return (await blob.GetPropertiesAsync(cancellationToken: cancellationToken).ConfigureAwait(false)).Value;
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            return null;
        }
    }

    /// <summary>Removes exactly that version, if there was one: true when it was there.</summary>
    private static async Task<bool> RemoveAsync(BlobClient blob, ETag? version, CancellationToken cancellationToken)
    {
        if (version is not { } known)
        {
            return false;
        }

        try
        {
            return await blob.DeleteIfExistsAsync(conditions: new BlobRequestConditions { IfMatch = known }, cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch (RequestFailedException exception) when (exception.Status == 412)
        {
            // Another version: somebody has written it since, and means it.
            return false;
        }
    }
}
