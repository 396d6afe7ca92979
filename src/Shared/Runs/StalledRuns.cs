using System.Collections.Concurrent;
using Azure;
using Azure.Storage.Blobs.Models;

namespace ReidCloud.Runs;

/// <summary>What one sweep did.</summary>
public sealed record StalledRunsFound(int Open, int Nudged, int Finished, int Forgotten)
{
    /// <summary>Runs that it could not look after, because what is stored of them is damaged, and what it could not do; for people.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];
}

/// <summary>
/// Finds the runs that nobody works on and nudges a runner to each; mends what dead processes left half done, and cancels what was to be cancelled and has
/// no owner to do it. It keeps nothing between sweeps and two may run at once: all that it does may be done twice. One run that is damaged stops no other, and is
/// listed with what failed.
/// Where many wait, those that were submitted first are nudged, and only so many as a queue should hold: the others' turn comes.
/// </summary>
public sealed class StalledRuns(RunStore store, RunQueue queue, TimeProvider time)
{
    /// <summary>A queue that holds so many nudges keeps every runner busy for more than the minute until the next sweep.</summary>
    public const int EnoughNudges = 300;

    private const int ParallelRuns = 16;

    /// <summary>A storage that has failed so often is away.</summary>
    internal const int MostFaults = 16;

    /// <summary>A submission that has not got past its marker by now never will.</summary>
    private static readonly TimeSpan LongestSubmission = TimeSpan.FromMinutes(10);

    /// <summary>So long after a change a run is left alone: its nudge is probably on its way.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);

    private enum Found
    {
        Nothing,
        Due,
        Finished,
        Forgotten,
    }

    public async Task<StalledRunsFound> SweepAsync(CancellationToken cancellationToken)
    {
        var looked = new ConcurrentBag<(Found Found, RunId Run, RunStatus? Status)>();
        var problems = new ConcurrentBag<string>();
        var open = 0;
        var markers = store.Storage.Index.GetBlobsAsync(BlobTraits.None, BlobStates.None, RunPaths.AllOpen, cancellationToken);
        await EachAsync(markers, problems, marker => marker.Name, async (marker, token) =>
        {
            if (RunId.TryParse(marker.Name[RunPaths.AllOpen.Length..], out var run))
            {
                Interlocked.Increment(ref open);

                // A run is no older than its marker, so this one cannot be due: a burst of submissions is not slowed down by the reading of each.
                var age = time.GetUtcNow() - marker.Properties.CreatedOn;
                if (age >= TimeSpan.Zero && age <= Grace)
                {
                    return;
                }

                try
                {
                    var snapshot = await store.GetStatusAsync(run, token).ConfigureAwait(false);
                    looked.Add((await LookAsync(run, snapshot, marker.Properties.CreatedOn, token).ConfigureAwait(false), run, snapshot?.Status));
                }
                catch (InvalidDataException damage)
                {
                    await store.PutAsideAsync(run, damage, token).ConfigureAwait(false);
                    throw;
                }
            }
        }, cancellationToken).ConfigureAwait(false);

        var nudged = 0;
        foreach (var line in looked.Where(run => run.Found == Found.Due).GroupBy(run => run.Status!.Priority))
        {
            nudged += await NudgeAsync([.. line.Select(due => (due.Run, due.Status!))], line.Key, problems, cancellationToken).ConfigureAwait(false);
        }

        return new StalledRunsFound(open, nudged, Count(Found.Finished), Count(Found.Forgotten)) { Problems = [.. problems] };

        int Count(Found what) => looked.Count(run => run.Found == what);
    }

    /// <summary>Does for a run what needs no nudge, and says whether it needs one.</summary>
    private async Task<Found> LookAsync(RunId run, StatusSnapshot? snapshot, DateTimeOffset? marked, CancellationToken cancellationToken)
    {
        switch (snapshot)
        {
            case null:
                return time.GetUtcNow() - marked > LongestSubmission && await ForgetAsync(run, cancellationToken).ConfigureAwait(false) ? Found.Forgotten : Found.Nothing;
            case { Status.IsFinal: true }:
                await store.RemoveLeftoversAsync(run, snapshot.Status, cancellationToken).ConfigureAwait(false);
                await store.ReleaseDependentsAsync(run, cancellationToken).ConfigureAwait(false);
                return Found.Finished;
            case { IsLeased: true }:
            case var recent when time.GetUtcNow() - recent.Status.UpdatedAt <= Grace:
                return Found.Nothing;

            // Whoever asked for that saw an owner: it may have died with the request, or had only come to see that the run waits.
            case { Status: { Attempt: > 0 } or { State: RunState.Waiting } } when await store.IsCancelRequestedAsync(run, cancellationToken).ConfigureAwait(false):
                await store.RequestCancelAsync(run, cancellationToken).ConfigureAwait(false);
                return Found.Finished;
            case { Status.State: RunState.Waiting }:
                await store.EnsureListedAsync(run, snapshot.Status, cancellationToken).ConfigureAwait(false);
                await store.SettleAsync(run, cancellationToken).ConfigureAwait(false);
                return Found.Nothing;
            default:
                return Found.Due;
        }
    }

    private async Task<int> NudgeAsync(
        IReadOnlyList<(RunId Run, RunStatus Status)> due, RunPriority priority, ConcurrentBag<string> problems, CancellationToken cancellationToken)
    {
        try
        {
            var room = EnoughNudges - (await queue.CountAsync(priority, cancellationToken).ConfigureAwait(false) ?? 0);
            var oldest = due.OrderBy(run => run.Status.SubmittedAt).Take(Math.Max(0, room)).ToList();
            await EachAsync(oldest.ToAsyncEnumerable(), problems, run => run.Run.ToString(), async (run, token) =>
                await store.EnsureListedAsync(run.Run, run.Status, token).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
            var sent = 0;
            foreach (var (run, _) in oldest)
            {
                if (await queue.TrySendAsync(run, priority, cancellationToken).ConfigureAwait(false) is { } away)
                {
                    problems.Add($"{oldest.Count - sent} nudges could not be sent: {away.Message}");
                    break;
                }

                sent++;
            }

            return sent;
        }
        catch (QueueAwayException away)
        {
            problems.Add($"{due.Count} runs could not be nudged: {away.Message}");
            return 0;
        }
    }

    /// <summary>
    /// Several at once. What is wrong with one is a problem of that one, a storage that fails for it included. Where it fails for many it is away: the rest is
    /// left to the next sweep, and what was found till then is not.
    /// </summary>
    private static async Task EachAsync<T>(
        IAsyncEnumerable<T> all, ConcurrentBag<string> problems, Func<T, string> name, Func<T, CancellationToken, Task> act, CancellationToken cancellationToken)
    {
        var faults = 0;
        try
        {
            await Parallel.ForEachAsync(all, new ParallelOptions { MaxDegreeOfParallelism = ParallelRuns, CancellationToken = cancellationToken }, async (one, token) =>
            {
                try
                {
                    await act(one, token).ConfigureAwait(false);
                }
                catch (Exception fault) when (fault is not OperationCanceledException)
                {
                    problems.Add($"{name(one)}: {fault.Message}");
                    if (fault is RequestFailedException answer && StorageOutage.Passes(answer) && Interlocked.Increment(ref faults) >= MostFaults)
                    {
                        throw;
                    }
                }
            }).ConfigureAwait(false);
        }
        catch (RequestFailedException away)
        {
            problems.Add($"the sweep was broken off: {away.Message}");
        }
    }

    /// <summary>An old marker without a status: where the spec was written the submission is completed, else nothing remains to be done but forget it.</summary>
    private async Task<bool> ForgetAsync(RunId run, CancellationToken cancellationToken)
    {
        if (await store.GetSpecAsync(run, cancellationToken).ConfigureAwait(false) is { } spec)
        {
            await store.SubmitAsync(spec, cancellationToken).ConfigureAwait(false);
            return false;
        }

        await store.Storage.Index.GetBlobClient(RunPaths.Open(run)).DeleteIfExistsAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        return true;
    }
}
