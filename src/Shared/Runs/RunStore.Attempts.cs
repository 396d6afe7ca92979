using System.Security.Cryptography;
using Azure;
using Azure.Storage;
using Azure.Storage.Blobs.Models;
using ReidCloud.Reports;

namespace ReidCloud.Runs;

public sealed partial class RunStore
{
    private const int ReadAhead = 4 << 20;

    /// <summary>Where an attempt's blob has the hash of its content, for who lists it.</summary>
    private const string HashName = "sha256";

    /// <summary>Keeps what an attempt produced, once: a name that is taken is an error. Returns the content's SHA-256 in hexadecimal.</summary>
    /// <param name="blob">A name of <see cref="RunPaths"/>, below the attempt's own prefix.</param>
    /// <param name="content">Can be rewound; it is read from its start.</param>
    public async Task<string> PutAttemptBlobAsync(string blob, Stream content, CancellationToken cancellationToken)
    {
        content.Position = 0;
        var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken).ConfigureAwait(false));
        content.Position = 0;
        var options = new BlobUploadOptions
        {
            Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All },
            Metadata = new Dictionary<string, string> { [HashName] = hash },
            TransferOptions = new StorageTransferOptions { MaximumConcurrency = 4, MaximumTransferSize = 8 << 20, InitialTransferSize = 8 << 20 },
        };
        try
        {
            await Blob(blob).UploadAsync(content, options, cancellationToken).ConfigureAwait(false);
        }
        catch (RequestFailedException exception) when (exception.Status is 409 or 412)
        {
            // A first try whose answer was lost has the same content; anything else under this name is somebody's mistake.
            if (await HashAsync(blob, cancellationToken).ConfigureAwait(false) != hash)
            {
                throw new InvalidOperationException($"blob '{blob}' exists with other content; what an attempt writes, it writes once", exception);
            }
        }

        return hash;
    }

    public Task<string> PutAttemptBlobAsync(string blob, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        PutAttemptBlobAsync(blob, new MemoryStream(content.ToArray(), writable: false), cancellationToken);

    /// <summary>Removes what nothing points at any more. Harmless when it is gone.</summary>
    public Task DeleteAttemptBlobAsync(string blob, CancellationToken cancellationToken) =>
        Blob(blob).DeleteIfExistsAsync(cancellationToken: cancellationToken);

    /// <summary>
    /// Removes what attempts left that counts no more: checkpoints that the status does not point at, reports and files of attempts that did not succeed. The
    /// story of each attempt stays, and so does all of attempts later than this status knows. For the run's owner, or of a final run anyone.
    /// </summary>
    public async Task RemoveLeftoversAsync(RunId run, RunStatus status, CancellationToken cancellationToken)
    {
        HashSet<string> kept = [.. status.KeptCheckpoints().Select(checkpoint => checkpoint.Blob)];
        for (var attempt = 1; attempt <= status.Attempt; attempt++)
        {
            kept.Add(RunPaths.Events(run, attempt));
            kept.Add(RunPaths.AttemptEnd(run, attempt));
        }

        var prefix = RunPaths.AllAttempts(run);
        await foreach (var blob in storage.Runs.GetBlobsAsync(BlobTraits.None, BlobStates.None, prefix, cancellationToken).ConfigureAwait(false))
        {
            if (RunPaths.AttemptOf(run, blob.Name) is { } attempt && attempt <= status.Attempt && !kept.Contains(blob.Name) && !IsReported(blob.Name, attempt))
            {
                await DeleteAttemptBlobAsync(blob.Name, cancellationToken).ConfigureAwait(false);
            }
        }

        bool IsReported(string blob, int attempt) => status.Report is { } report && (blob == report
            || (report == RunPaths.Report(run, attempt)
                && (blob.StartsWith(RunPaths.File(run, attempt, ""), StringComparison.Ordinal) || RunPaths.ReportsForPeople(run, attempt).Contains(blob))));
    }

    /// <summary>A blob of a run, seekable, read in pieces of a few MiB.</summary>
    /// <exception cref="FileNotFoundException">There is none of that name.</exception>
    public async Task<Stream> OpenBlobAsync(string blob, CancellationToken cancellationToken)
    {
        try
        {
            return await Blob(blob).OpenReadAsync(0, ReadAhead, null, cancellationToken).ConfigureAwait(false);
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            throw new FileNotFoundException($"blob '{blob}' does not exist", blob, exception);
        }
    }

    /// <summary>Copies a published checkpoint into a local file and checks that it is the one that was published.</summary>
    /// <exception cref="InvalidDataException">The content is another.</exception>
    public async Task DownloadAsync(CheckpointPointer checkpoint, string file, CancellationToken cancellationToken)
    {
        await using (var content = await OpenBlobAsync(checkpoint.Blob, cancellationToken).ConfigureAwait(false))
        await using (var copy = File.Create(file))
        {
            await content.CopyToAsync(copy, cancellationToken).ConfigureAwait(false);
            copy.Position = 0;
            if (Convert.ToHexStringLower(await SHA256.HashDataAsync(copy, cancellationToken).ConfigureAwait(false)) == checkpoint.Sha256)
            {
                return;
            }
        }

        File.Delete(file);
        throw new InvalidDataException($"checkpoint '{checkpoint.Blob}' is damaged: its SHA-256 is not {checkpoint.Sha256}");
    }

    /// <summary>The report's bytes (JSON of <see cref="MetricReport"/>), or null when the run does not exist or has not succeeded.</summary>
    public async Task<Stream?> OpenReportAsync(RunId run, CancellationToken cancellationToken) =>
        (await GetStatusAsync(run, cancellationToken).ConfigureAwait(false))?.Status.Report is { } report
            ? await OpenBlobAsync(report, cancellationToken).ConfigureAwait(false)
            : null;

    public async Task<MetricReport?> GetReportAsync(RunId run, CancellationToken cancellationToken) =>
        (await GetStatusAsync(run, cancellationToken).ConfigureAwait(false))?.Status.Report is { } report
            ? (await StoredJson.ReadAsync<MetricReport>(Blob(report), cancellationToken).ConfigureAwait(false))?.Value
            : null;

    /// <summary>The attempt's events, to be appended to by its owner alone.</summary>
    public EventLog OpenEvents(RunId run, int attempt) => new(storage, run, attempt);

    /// <summary>The events after a position, over all attempts, and the position after them. At most about a MiB at a time.</summary>
    public async Task<EventPage> ReadEventsAsync(RunId run, EventPosition after, CancellationToken cancellationToken) =>
        await ReadEventsAsync(run, (await GetStatusAsync(run, cancellationToken).ConfigureAwait(false))?.Status.Attempt ?? 0, after, cancellationToken).ConfigureAwait(false);

    /// <param name="attempts">How many the run has had.</param>
    /// <inheritdoc cref="ReadEventsAsync(RunId, EventPosition, CancellationToken)"/>
    public async Task<EventPage> ReadEventsAsync(RunId run, int attempts, EventPosition after, CancellationToken cancellationToken)
    {
        for (var position = after with { Attempt = Math.Max(1, after.Attempt) }; ; position = new EventPosition(position.Attempt + 1, 0))
        {
            var (events, next) = await EventLog.ReadAsync(storage, run, position, cancellationToken).ConfigureAwait(false);
            if (events.Count > 0 || position.Attempt >= attempts)
            {
                return new EventPage(events, next);
            }
        }
    }

    /// <summary>All events of a run so far, oldest first.</summary>
    public async Task<IReadOnlyList<RunEvent>> ReadAllEventsAsync(RunId run, CancellationToken cancellationToken)
    {
        var events = new List<RunEvent>();
        for (var page = await ReadEventsAsync(run, default, cancellationToken).ConfigureAwait(false); page.Events.Count > 0;
            page = await ReadEventsAsync(run, page.Next, cancellationToken).ConfigureAwait(false))
        {
            events.AddRange(page.Events);
        }

        return events;
    }

    private async Task<string> HashAsync(string blob, CancellationToken cancellationToken)
    {
        await using var content = await OpenBlobAsync(blob, cancellationToken).ConfigureAwait(false);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken).ConfigureAwait(false));
    }
}
