using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using ReidCloud.Reports;
using ReidCloud.Specs;

namespace ReidCloud.Runs;

/// <summary>
/// events.jsonl of one attempt: an append blob with one event a line, written by the attempt's owner alone. A line is there once even if the answer to
/// its writing was lost, because each append states where it belongs.
/// </summary>
public sealed class EventLog(StorageAccess storage, RunId run, int attempt)
{
    private const int LargestRead = 1 << 20;
    private const int LargestTail = 64 << 10;

    /// <summary>The service takes up to 4 MiB at a time; an append blob, 50,000 times.</summary>
    private const int LargestAppend = 2 << 20;

    private readonly AppendBlobClient _blob = Client(storage, run, attempt);
    private long _length = -1;

    /// <summary>Appends all of them, in order. Not to be called again before it has returned.</summary>
    public async Task AppendAsync(IReadOnlyCollection<RunEvent> events, CancellationToken cancellationToken)
    {
        if (_length < 0)
        {
            await CreateAsync(cancellationToken).ConfigureAwait(false);
        }

        var block = new MemoryStream();
        foreach (var happened in events)
        {
            block.Write(ReidJson.Write(happened));
            block.WriteByte((byte)'\n');
            if (block.Length >= LargestAppend)
            {
                await AppendAsync(block, cancellationToken).ConfigureAwait(false);
                block = new MemoryStream();
            }
        }

        if (block.Length > 0)
        {
            await AppendAsync(block, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The whole lines after a position, about a MiB at most, and the position after them. Nothing where there is no such blob.</summary>
    internal static async Task<(IReadOnlyList<RunEvent> Events, EventPosition Next)> ReadAsync(
        StorageAccess storage, RunId run, EventPosition position, CancellationToken cancellationToken)
    {
        byte[] bytes;
        try
        {
            var options = new BlobDownloadOptions { Range = new HttpRange(position.Offset, LargestRead) };
            bytes = (await Client(storage, run, position.Attempt).DownloadContentAsync(options, cancellationToken).ConfigureAwait(false)).Value.Content.ToArray();
        }
        catch (RequestFailedException exception) when (exception.Status is 404 or 416)
        {
            return ([], position);
        }

        var end = Array.LastIndexOf(bytes, (byte)'\n') + 1;
        if (end == 0 && bytes.Length == LargestRead)
        {
            throw new InvalidDataException($"'{RunPaths.Events(run, position.Attempt)}' is damaged: a line behind byte {position.Offset} has more than {LargestRead} bytes");
        }

        return (Parse(bytes, 0, end), position with { Offset = position.Offset + end });
    }

    /// <summary>The last events of an attempt, as many as its log's last 64 KiB hold. Nothing where there is no such blob.</summary>
    internal static async Task<IReadOnlyList<RunEvent>> ReadLastAsync(StorageAccess storage, RunId run, int attempt, CancellationToken cancellationToken)
    {
        var blob = Client(storage, run, attempt);
        try
        {
            var length = (await blob.GetPropertiesAsync(cancellationToken: cancellationToken).ConfigureAwait(false)).Value.ContentLength;
            var from = Math.Max(0, length - LargestTail);
            var options = new BlobDownloadOptions { Range = new HttpRange(from, LargestTail) };
            var bytes = (await blob.DownloadContentAsync(options, cancellationToken).ConfigureAwait(false)).Value.Content.ToArray();
            return Parse(bytes, from == 0 ? 0 : Array.IndexOf(bytes, (byte)'\n') + 1, Array.LastIndexOf(bytes, (byte)'\n') + 1);
        }
        catch (RequestFailedException exception) when (exception.Status is 404 or 416)
        {
            return [];
        }
    }

    private static List<RunEvent> Parse(byte[] bytes, int start, int end)
    {
        var events = new List<RunEvent>();
        while (start < end)
        {
            var length = Array.IndexOf(bytes, (byte)'\n', start) - start;
            events.Add(ReidJson.Read<RunEvent>(bytes.AsSpan(start, length)));
            start += length + 1;
        }

        return events;
    }

    private async Task CreateAsync(CancellationToken cancellationToken)
    {
        var created = await _blob.CreateIfNotExistsAsync(
            new AppendBlobCreateOptions { HttpHeaders = new BlobHttpHeaders { ContentType = "application/jsonl" } }, cancellationToken).ConfigureAwait(false);
        _length = created is null
            ? (await _blob.GetPropertiesAsync(cancellationToken: cancellationToken).ConfigureAwait(false)).Value.ContentLength
            : 0;
    }

    private async Task AppendAsync(MemoryStream block, CancellationToken cancellationToken)
    {
        block.Position = 0;
        try
        {
            await AppendHereAsync(block, cancellationToken).ConfigureAwait(false);
        }
        catch (RequestFailedException exception) when (exception.ErrorCode == BlobErrorCode.AppendPositionConditionNotMet)
        {
            // An append whose answer was lost may have been made, by this call or an earlier one that began with the same events.
            var there = await TailAsync(cancellationToken).ConfigureAwait(false);
            var length = (int)Math.Min(there.Length, block.Length);
            if (there.Length > block.Length || !there.AsSpan().SequenceEqual(block.GetBuffer().AsSpan(0, length)))
            {
                throw new LeaseLostException(run, exception);
            }

            _length += length;
            block.Position = length;
            if (length < block.Length)
            {
                await AppendHereAsync(block, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task AppendHereAsync(MemoryStream block, CancellationToken cancellationToken)
    {
        var length = block.Length - block.Position;
        var options = new AppendBlobAppendBlockOptions { Conditions = new AppendBlobRequestConditions { IfAppendPositionEqual = _length } };
        await _blob.AppendBlockAsync(block, options, cancellationToken).ConfigureAwait(false);
        _length += length;
    }

    private async Task<byte[]> TailAsync(CancellationToken cancellationToken)
    {
        var options = new BlobDownloadOptions { Range = new HttpRange(_length) };
        return (await _blob.DownloadContentAsync(options, cancellationToken).ConfigureAwait(false)).Value.Content.ToArray();
    }

    private static AppendBlobClient Client(StorageAccess storage, RunId run, int attempt) =>
        storage.Runs.GetAppendBlobClient(RunPaths.Events(run, attempt));
}
