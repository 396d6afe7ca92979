using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using ReidCloud.Specs;

namespace ReidCloud.Runs;

/// <summary>Small JSON blobs, and the two conditional writes that the store is made of.</summary>
internal static class StoredJson
{
    /// <summary>Tells one write from another of the same content.</summary>
    private const string WrittenBy = "writtenBy";

    /// <summary>The longest, a commit's that names very many uploads, have a tenth of this.</summary>
    private const int MaxLength = 16 << 20;

    /// <summary>Null when the blob does not exist.</summary>
    /// <exception cref="InvalidDataException">The blob is not what this system writes.</exception>
    public static async Task<(T Value, BlobDownloadDetails Details)?> ReadAsync<T>(BlobClient blob, CancellationToken cancellationToken, int longest = MaxLength)
    {
        try
        {
            var start = new BlobDownloadOptions { Range = new HttpRange(0, longest + 1) };
            var content = (await blob.DownloadContentAsync(start, cancellationToken).ConfigureAwait(false)).Value;
            var json = content.Content.ToMemory();
            return json.Length <= longest ? (ReidJson.Read<T>(json.Span), content.Details) : throw Damaged(blob, $"it is longer than {longest} bytes", null);
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            return null;
        }
        catch (RequestFailedException exception) when (exception.Status == 416)
        {
            throw Damaged(blob, "it is empty", exception);
        }
        catch (SpecException exception)
        {
            throw Damaged(blob, exception.Message, exception);
        }
    }

    /// <summary>False when the blob exists already; it is then unchanged.</summary>
    public static Task<bool> TryCreateAsync(BlobClient blob, ReadOnlyMemory<byte> json, CancellationToken cancellationToken) =>
        TryPutAsync(blob, json, new BlobRequestConditions { IfNoneMatch = ETag.All }, cancellationToken);

    /// <summary>False when the blob is no longer as it was read, or somebody holds a lease on it.</summary>
    public static Task<bool> TryReplaceAsync(BlobClient blob, ReadOnlyMemory<byte> json, ETag version, CancellationToken cancellationToken) =>
        TryPutAsync(blob, json, new BlobRequestConditions { IfMatch = version }, cancellationToken);

    /// <summary>Writes the blob if the conditions hold. Returns the version that it then has.</summary>
    /// <param name="write">Tells this write from any other.</param>
    public static async Task<ETag> PutAsync(
        BlobClient blob, ReadOnlyMemory<byte> json, BlobRequestConditions conditions, string write, CancellationToken cancellationToken)
    {
        var options = new BlobUploadOptions
        {
            Conditions = conditions,
            HttpHeaders = new BlobHttpHeaders { ContentType = "application/json" },
            Metadata = new Dictionary<string, string> { [WrittenBy] = write },
        };
        return (await blob.UploadAsync(BinaryData.FromBytes(json), options, cancellationToken).ConfigureAwait(false)).Value.ETag;
    }

    /// <summary>Which write the blob has its content from, and its version: a write whose answer was lost is refused when it is sent again. Null when there is no blob.</summary>
    public static async Task<(string? Write, ETag Version)?> LastWriteAsync(BlobClient blob, CancellationToken cancellationToken)
    {
        try
        {
            var there = (await blob.GetPropertiesAsync(cancellationToken: cancellationToken).ConfigureAwait(false)).Value;
            return (there.Metadata.TryGetValue(WrittenBy, out var write) ? write : null, there.ETag);
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            return null;
        }
    }

    private static async Task<bool> TryPutAsync(
        BlobClient blob, ReadOnlyMemory<byte> json, BlobRequestConditions conditions, CancellationToken cancellationToken)
    {
        var write = Guid.NewGuid().ToString("N");
        try
        {
            await PutAsync(blob, json, conditions, write, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (RequestFailedException exception) when (exception.Status is 409 or 412)
        {
            // Of a marker, which is empty, it does not matter who made it.
            return !json.IsEmpty && (await LastWriteAsync(blob, cancellationToken).ConfigureAwait(false))?.Write == write;
        }
    }

    private static InvalidDataException Damaged(BlobClient blob, string fault, Exception? inner) =>
        new($"blob '{blob.BlobContainerName}/{blob.Name}' is damaged: {fault}", inner);
}
