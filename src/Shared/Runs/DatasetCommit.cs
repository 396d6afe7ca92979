using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using ReidCloud.Datasets;

namespace ReidCloud.Runs;

/// <summary>How a request to commit begins: where it stands, and the work if this caller is to do it.</summary>
public sealed record CommitStart(CommitStatus Status, DatasetCommit? Work);

/// <summary>
/// The making of a data set by its one owner. Complete it or fail it; disposed of before that, it is nobody's and the next commit begins again.
/// </summary>
public sealed class DatasetCommit : IAsyncDisposable
{
    private readonly BlobLease _lease;
    private readonly BlobClient _manifest;
    private readonly BlobClient _marker;
    private readonly Func<IReadOnlyList<DatasetBlob>, CancellationToken, Task> _seal;
    private readonly TimeProvider _time;
    private readonly CommitStatus _begun;

    internal DatasetCommit(
        string dataset,
        CommitStatus begun,
        BlobLease lease,
        BlobClient manifest,
        BlobClient marker,
        Func<IReadOnlyList<DatasetBlob>, CancellationToken, Task> seal,
        TimeProvider time) =>
        (Dataset, _begun, _lease, _manifest, _marker, _seal, _time) = (dataset, begun, lease, manifest, marker, seal, time);

    public string Dataset { get; }

    /// <summary>
    /// Fingerprint of the files that the data set is to be made of, each of a certain version. There may be millions, so that whoever waits for its turn
    /// does not hold them: <see cref="DatasetStore.ListUploadsAsync(DatasetCommit, CancellationToken)"/> gives them.
    /// </summary>
    public string Uploads => _begun.Uploads;

    /// <summary>Those that were named; null when all were meant.</summary>
    public IReadOnlyList<string>? Files => _begun.Files;

    /// <summary>The data set whose files are meant, where that is another.</summary>
    public string? From => _begun.From;

    /// <summary>The data sets that are to be put together, or null.</summary>
    public CombineRequest? Combine => _begun.Combine;

    /// <summary>The layout that was asked for, or null.</summary>
    public string? Layout => _begun.Layout;

    /// <summary>The variant that was asked for, or null.</summary>
    public string? Variant => _begun.Variant;

    /// <summary>Somebody else may have taken over: stop.</summary>
    public CancellationToken Lost => _lease.Lost;

    /// <summary>Shows how far it is. About once a second is plenty.</summary>
    public Task ReportAsync(CommitProgress progress, CancellationToken cancellationToken) =>
        WriteAsync(_begun with { Progress = progress }, cancellationToken);

    /// <summary>Publishes the data set, for good: from here nobody can write its files.</summary>
    public async Task<CommitStatus> CompleteAsync(DatasetManifest manifest, CancellationToken cancellationToken)
    {
        await _seal(manifest.Blobs, cancellationToken).ConfigureAwait(false);
        await PutManifestAsync(manifest, cancellationToken).ConfigureAwait(false);
        var ready = _begun with
        {
            State = DatasetState.Ready,
            Layout = manifest.Layout,
            Variant = manifest.Variant,
            Hash = manifest.Hash,
            Diagnosis = manifest.Diagnosis,
        };
        return await EndAsync(ready, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Says why the uploads are no data set. They may be replaced and committed again.</summary>
    public Task<CommitStatus> FailAsync(string failure, IReadOnlyList<Finding> findings, CancellationToken cancellationToken) =>
        EndAsync(_begun with { State = DatasetState.Failed, Failure = failure, Findings = findings }, cancellationToken);

    public ValueTask DisposeAsync() => _lease.DisposeAsync();

    internal async Task WriteAsync(CommitStatus status, CancellationToken cancellationToken)
    {
        if (!await _lease.TryWriteAsync(status with { UpdatedAt = _time.GetUtcNow() }, cancellationToken).ConfigureAwait(false))
        {
            throw new OperationCanceledException($"the commit of data set '{Dataset}' was taken over by another process", _lease.Lost);
        }
    }

    private async Task<CommitStatus> EndAsync(CommitStatus status, CancellationToken cancellationToken)
    {
        status = status with { UpdatedAt = _time.GetUtcNow() };
        await WriteAsync(status, cancellationToken).ConfigureAwait(false);
        await _marker.DeleteIfExistsAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        await _lease.ReleaseAsync(cancellationToken).ConfigureAwait(false);
        return status;
    }

    /// <summary>Written once. One that is there came from an owner that died before it could publish, so it never counted.</summary>
    private async Task PutManifestAsync(DatasetManifest manifest, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await using var blob = new BlockWriting(_manifest, cancellationToken);
                ManifestJson.Write(blob, manifest);
                await blob.PutAsync("application/json", new BlobRequestConditions { IfNoneMatch = ETag.All }).ConfigureAwait(false);
                return;
            }
            catch (RequestFailedException exception) when (exception.Status is 409 or 412)
            {
                _lease.Lost.ThrowIfCancellationRequested();
                await _manifest.DeleteIfExistsAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
