using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace ReidCloud.Runs;

/// <summary>
/// Ownership of a run: a lease on its status.json, without whose id nobody can write that blob. What it means that it is held, has run out or is lost,
/// <see cref="BlobLease"/> says; whoever goes on when it is lost can burn a GPU but not change what the run is.
/// </summary>
public sealed class RunLease : IAsyncDisposable
{
    private readonly BlobLease _lease;

    private RunLease(RunId run, BlobLease lease, RunStatus status) => (Run, _lease, Status) = (run, lease, status);

    public RunId Run { get; }

    /// <summary>What the service knows this lease by.</summary>
    public string Id => _lease.Id;

    /// <summary>The status as this owner read it first or wrote it last. Nobody else can have changed it.</summary>
    public RunStatus Status { get; private set; }

    public CancellationToken Lost => _lease.Lost;

    /// <inheritdoc cref="BlobLease.IsHeld"/>
    public bool IsHeld => _lease.IsHeld;

    /// <summary>The run is another's, or nobody's: it will not be ours again.</summary>
    public bool IsLost => Lost.IsCancellationRequested;

    /// <inheritdoc cref="BlobLease.IsUnanswered"/>
    public bool IsUnanswered => _lease.IsUnanswered;

    /// <summary>The lease, or null when somebody holds it or there is no such run.</summary>
    public static async Task<RunLease?> TryAcquireAsync(StorageAccess storage, RunId run, TimeProvider time, CancellationToken cancellationToken)
    {
        var blob = storage.Runs.GetBlobClient(RunPaths.Status(run));
        var duration = TimeSpan.FromSeconds(storage.Options.LeaseSeconds);
        if (await BlobLease.TryAcquireAsync(blob, duration, storage.Patience, time, cancellationToken).ConfigureAwait(false) is not { } lease)
        {
            return null;
        }

        try
        {
            return new RunLease(run, lease, (await StatusSnapshot.ReadAsync(blob, cancellationToken).ConfigureAwait(false))!.Status);
        }
        catch
        {
            await lease.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Ends anyone's lease at once: for an operator who knows that the owner is gone.</summary>
    public static async Task BreakAsync(StorageAccess storage, RunId run, CancellationToken cancellationToken)
    {
        try
        {
            await storage.Runs.GetBlobClient(RunPaths.Status(run)).GetBlobLeaseClient()
                .BreakAsync(TimeSpan.Zero, cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch (RequestFailedException exception) when (exception.ErrorCode == BlobErrorCode.LeaseNotPresentWithLeaseOperation)
        {
            // Nobody held it.
        }
    }

    /// <summary>Lets go of a lease whose owner is dead. Where it was nobody's or another's by now, that stands.</summary>
    public static async Task ReleaseAsync(StorageAccess storage, RunId run, string lease, CancellationToken cancellationToken)
    {
        try
        {
            await storage.Runs.GetBlobClient(RunPaths.Status(run)).GetBlobLeaseClient(lease).ReleaseAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch (RequestFailedException exception) when (exception.Status is 404 or 409 or 412)
        {
            // What releasing is for.
        }
    }

    /// <summary>Publishes where the run stands. While the storage is away it waits for it, as long as the storage's patience goes or it is told to stop.</summary>
    /// <exception cref="LeaseLostException">The run is no longer ours; the status is unchanged.</exception>
    public async Task WriteAsync(RunStatus status, CancellationToken cancellationToken)
    {
        Status = await _lease.TryWriteAsync(status, cancellationToken).ConfigureAwait(false) ? status : throw new LeaseLostException(Run);
    }

    /// <exception cref="LeaseLostException">The run is no longer ours.</exception>
    public void ThrowIfLost()
    {
        if (IsLost)
        {
            throw new LeaseLostException(Run);
        }
    }

    /// <summary>Lets go, so that another may have the run at once. Harmless when it was lost.</summary>
    public Task ReleaseAsync(CancellationToken cancellationToken) => _lease.ReleaseAsync(cancellationToken);

    public ValueTask DisposeAsync() => _lease.DisposeAsync();
}
