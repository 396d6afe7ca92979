using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace ReidCloud.Runs;

/// <summary>A run's status as it was at one moment, the version that a conditional write can refer to, and whether a runner owned it.</summary>
public sealed record StatusSnapshot(RunStatus Status, ETag Version, bool IsLeased)
{
    /// <summary>Null when there is no such run.</summary>
    internal static async Task<StatusSnapshot?> ReadAsync(BlobClient blob, CancellationToken cancellationToken) =>
        await StoredJson.ReadAsync<RunStatus>(blob, cancellationToken).ConfigureAwait(false) is var (status, details)
            ? new StatusSnapshot(status, details.ETag, details.LeaseState == LeaseState.Leased)
            : null;
}
