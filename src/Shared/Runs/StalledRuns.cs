using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace ReidCloud.Runs;

/// <summary>What one sweep did.</summary>
public sealed record StalledRunsFound(int Open, int Nudged, int Finished, int Forgotten);

/// <summary>
/// Finds the runs that nobody works on and nudges a runner to each; mends what dead processes left half done. It keeps nothing between sweeps and two
/// may run at once: all that it does may be done twice.
/// </summary>
public sealed class StalledRuns(RunStore store, RunQueue queue, TimeProvider time)
{
    /// <summary>A submission that has not got past its marker by now never will.</summary>
    private static readonly TimeSpan LongestSubmission = TimeSpan.FromMinutes(10);

    /// <summary>So long after a change a run is left alone: its nudge is probably on its way.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);

    public async Task<StalledRunsFound> SweepAsync(CancellationToken cancellationToken)
    {
        var index = store.Storage.Index;
        var found = new StalledRunsFound(0, 0, 0, 0);
        await foreach (var marker in index.GetBlobsAsync(BlobTraits.None, BlobStates.None, RunPaths.AllOpen, cancellationToken).ConfigureAwait(false))
        {
            if (!RunId.TryParse(marker.Name[RunPaths.AllOpen.Length..], out var run))
            {
                continue;
            }

            found = found with { Open = found.Open + 1 };
            if (await store.GetStatusAsync(run, cancellationToken).ConfigureAwait(false) is not { } snapshot)
            {
                var age = time.GetUtcNow() - (marker.Properties.CreatedOn ?? time.GetUtcNow());
                found = age > LongestSubmission && await ForgetAsync(index, run, cancellationToken).ConfigureAwait(false)
                    ? found with { Forgotten = found.Forgotten + 1 }
                    : found;
            }
            else if (snapshot.Status.IsFinal)
            {
                await store.RemoveLeftoversAsync(run, snapshot.Status, cancellationToken).ConfigureAwait(false);
                await store.ReleaseDependentsAsync(run, cancellationToken).ConfigureAwait(false);
                found = found with { Finished = found.Finished + 1 };
            }
            else if (!snapshot.IsLeased && time.GetUtcNow() - snapshot.Status.UpdatedAt > Grace)
            {
                await store.EnsureListedAsync(run, snapshot.Status, cancellationToken).ConfigureAwait(false);
                if (snapshot.Status.State == RunState.Waiting)
                {
                    await store.SettleAsync(run, cancellationToken).ConfigureAwait(false);
                }
                else
                {
                    await queue.SendAsync(run, snapshot.Status.Priority, cancellationToken).ConfigureAwait(false);
                    found = found with { Nudged = found.Nudged + 1 };
                }
            }
        }

        return found;
    }

    /// <summary>An old marker without a status: where the spec was written the submission is completed, else nothing remains to be done but forget it.</summary>
    private async Task<bool> ForgetAsync(BlobContainerClient index, RunId run, CancellationToken cancellationToken)
    {
        if (await store.GetSpecAsync(run, cancellationToken).ConfigureAwait(false) is { } spec)
        {
            await store.SubmitAsync(spec, cancellationToken).ConfigureAwait(false);
            return false;
        }

        await index.GetBlobClient(RunPaths.Open(run)).DeleteIfExistsAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        return true;
    }
}
