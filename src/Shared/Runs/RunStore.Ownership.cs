namespace ReidCloud.Runs;

public sealed partial class RunStore
{
    /// <summary>The run's lease if there is anything to do for its holder; null when another holds it, it is final, waits, or does not exist.</summary>
    public async Task<RunLease?> ClaimAsync(RunId run, CancellationToken cancellationToken)
    {
        var lease = await RunLease.TryAcquireAsync(storage, run, time, cancellationToken).ConfigureAwait(false);
        if (lease is { Status: { IsFinal: true } or { State: RunState.Waiting } })
        {
            await lease.DisposeAsync().ConfigureAwait(false);
            return null;
        }

        try
        {
            await (lease is null ? Task.CompletedTask : StirAsync(run, lease.Status, cancellationToken)).ConfigureAwait(false);
            return lease;
        }
        catch
        {
            await lease!.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Ends a run: publishes its last status, tells the runs that wait for it, lets go of the lease.</summary>
    /// <exception cref="LeaseLostException">The run is another's; nothing was written.</exception>
    public async Task FinishAsync(RunLease lease, RunStatus final, CancellationToken cancellationToken)
    {
        if (!final.IsFinal)
        {
            throw new ArgumentException($"a run cannot end as {final.State}", nameof(final));
        }

        await lease.WriteAsync(final, cancellationToken).ConfigureAwait(false);
        await RemoveLeftoversAsync(lease.Run, final, cancellationToken).ConfigureAwait(false);
        await ReleaseDependentsAsync(lease.Run, cancellationToken).ConfigureAwait(false);
        await lease.ReleaseAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Gives a run back unfinished, for the next runner to go on from its checkpoint: the machine is going away.</summary>
    /// <exception cref="LeaseLostException">The run is another's; nothing was written.</exception>
    public async Task HandBackAsync(RunLease lease, RunStatus status, CancellationToken cancellationToken)
    {
        await lease.WriteAsync(status with { State = RunState.Queued, Runner = null, UpdatedAt = time.GetUtcNow() }, cancellationToken).ConfigureAwait(false);
        await lease.ReleaseAsync(cancellationToken).ConfigureAwait(false);
        await queue.SendAsync(lease.Run, status.Priority, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Lets others have the run of an owner that is dead, at once. Where it is another's by now, that stands.</summary>
    public async Task LetGoAsync(RunId run, string lease, CancellationToken cancellationToken)
    {
        await RunLease.ReleaseAsync(storage, run, lease, cancellationToken).ConfigureAwait(false);
        if (await GetStatusAsync(run, cancellationToken).ConfigureAwait(false) is { IsLeased: false, Status: { IsFinal: false } status })
        {
            await queue.SendAsync(run, status.Priority, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Asks a run to stop. One that nobody owns is cancelled here and never starts; an owner sees the request and ends the run itself. Returns where
    /// the run then stands, or null when there is no such run. A final run stays as it is.
    /// </summary>
    public async Task<RunStatus?> RequestCancelAsync(RunId run, CancellationToken cancellationToken)
    {
        while (await GetStatusAsync(run, cancellationToken).ConfigureAwait(false) is { } snapshot)
        {
            if (snapshot.Status.IsFinal)
            {
                return snapshot.Status;
            }

            await StoredJson.TryCreateAsync(Blob(RunPaths.Cancel(run)), Nothing, cancellationToken).ConfigureAwait(false);
            if (snapshot.IsLeased)
            {
                return snapshot.Status;
            }

            var now = time.GetUtcNow();
            var known = await HearEndsAsync(run, snapshot.Status, cancellationToken).ConfigureAwait(false);
            var cancelled = known with { State = RunState.Cancelled, Runner = null, UpdatedAt = now, FinishedAt = now };
            if (await TryReplaceAsync(run, cancelled, snapshot, cancellationToken).ConfigureAwait(false))
            {
                await ReleaseDependentsAsync(run, cancellationToken).ConfigureAwait(false);
                return cancelled;
            }
        }

        return null;
    }

    public async Task<bool> IsCancelRequestedAsync(RunId run, CancellationToken cancellationToken) =>
        await Blob(RunPaths.Cancel(run)).ExistsAsync(cancellationToken).ConfigureAwait(false);
}
