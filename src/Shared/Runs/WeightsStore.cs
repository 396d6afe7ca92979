using System.Net.Mime;
using System.Security.Cryptography;
using System.Text;
using Azure.Storage.Blobs;
using Azure.Storage.Sas;
using ReidCloud.Datasets;
using ReidCloud.Specs;
using ReidCloud.Weights;

namespace ReidCloud.Runs;

/// <summary>Pushed weights by their name.</summary>
public sealed record NamedWeights(string Name, WeightsManifest Manifest);

/// <summary>One page of weights by name, and where the next begins: null after the last.</summary>
public sealed record WeightsPage(IReadOnlyList<NamedWeights> Weights, IReadOnlyList<DamagedName> Damaged, string? Continuation);

/// <summary>
/// All pushed weights. A client uploads a file, and it is looked at: if it is a network that is known, it is copied to where no client can write, named by
/// its SHA-256, and the manifest, written once, makes it count. Uploads are gone afterwards, whatever came of them, but for one that is another push's, and
/// when the storage itself fails: then the same push may be tried again.
/// </summary>
public sealed partial class WeightsStore(StorageAccess storage, TimeProvider time)
{
    private const int LongestFile = 200;

    /// <summary>To begin a download with; one that is under way goes on.</summary>
    private static readonly TimeSpan FileValidity = TimeSpan.FromMinutes(5);

    /// <summary>A short-lived address to which anyone who has it can write this one file.</summary>
    /// <exception cref="SpecException">A name that may not be.</exception>
    public async Task<WeightsUploadOffer> OfferUploadAsync(string weights, string file, CancellationToken cancellationToken)
    {
        DatasetName.Require(weights, "$.weights");
        DatasetName.RequireFile(file, "$.file");
        if (file.Contains('/', StringComparison.Ordinal) || file.Length > LongestFile)
        {
            throw new SpecException("$.file", $"must be the name of one file, at most {LongestFile} characters without a folder");
        }

        var address = await storage.SignAsync(
            Blob(RunPaths.WeightsUpload(weights, file)), BlobSasPermissions.Write, time.GetUtcNow(), storage.Options.UploadValidity, null, cancellationToken)
            .ConfigureAwait(false);
        return new WeightsUploadOffer(weights, file, address.Url, address.ExpiresAt);
    }

    /// <summary>What weights are, or null when there are none of that name.</summary>
    public async Task<WeightsManifest?> GetAsync(string weights, CancellationToken cancellationToken) => DatasetName.IsValid(weights)
        ? (await StoredJson.ReadAsync<WeightsManifest>(Blob(RunPaths.WeightsManifest(weights)), cancellationToken).ConfigureAwait(false))?.Value
        : null;

    /// <summary>Weights by name.</summary>
    /// <exception cref="SpecException">The continuation is not one of ours.</exception>
    public async Task<WeightsPage> ListAsync(string? continuation, int size, CancellationToken cancellationToken)
    {
        var page = await NamedFolders.PageAsync(storage.Weights, "weights", GetAsync, continuation, size, cancellationToken).ConfigureAwait(false);
        return new WeightsPage([.. page.Found.Select(found => new NamedWeights(found.Name, found.Value))], page.Damaged, page.Continuation);
    }

    /// <summary>Copies the weights' bytes into a local file, in parallel pieces, unless they are there, and verifies them in any case.</summary>
    /// <exception cref="InvalidDataException">They are not what the manifest says.</exception>
    public async Task DownloadAsync(string weights, WeightsManifest manifest, string file, CancellationToken cancellationToken)
    {
        if (await HoldsAsync(file, manifest, cancellationToken).ConfigureAwait(false))
        {
            return;
        }

        var blob = Blob(RunPaths.WeightsContent(weights, manifest.Sha256));
        var properties = (await blob.GetPropertiesAsync(cancellationToken: cancellationToken).ConfigureAwait(false)).Value;
        await new BlobDownload(blob, new DatasetBlob(manifest.File, properties.ContentLength, properties.ETag.ToString()), file).RunAsync(null, cancellationToken).ConfigureAwait(false);
        if (!await HoldsAsync(file, manifest, cancellationToken).ConfigureAwait(false))
        {
            File.Delete(file);
            throw new InvalidDataException($"weights '{weights}' are damaged in the storage: their SHA-256 is not {manifest.Sha256}; push them again under another name");
        }
    }

    /// <summary>A short-lived address from which anyone who has it can read the weights' file, under the name that it was pushed with.</summary>
    public Task<SignedAddress> OfferFileAsync(string weights, WeightsManifest manifest, CancellationToken cancellationToken) => storage.SignAsync(
        Blob(RunPaths.WeightsContent(weights, manifest.Sha256)),
        BlobSasPermissions.Read,
        time.GetUtcNow(),
        FileValidity,
        Disposition(manifest.File),
        cancellationToken);

    /// <summary>Names beyond ASCII as RFC 5987 has them; .NET would write them as mail does, on several lines, which no address can hold.</summary>
    private static string Disposition(string file) => Ascii.IsValid(file)
        ? new ContentDisposition(DispositionTypeNames.Attachment) { FileName = file }.ToString()
        : $"{DispositionTypeNames.Attachment}; filename*=UTF-8''{Uri.EscapeDataString(file)}";

    private static async Task<bool> HoldsAsync(string file, WeightsManifest manifest, CancellationToken cancellationToken)
    {
        if (!File.Exists(file))
        {
            return false;
        }

        var content = File.OpenRead(file);
        await using (content.ConfigureAwait(false))
        {
            return content.Length == manifest.Length
                && Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken).ConfigureAwait(false)) == manifest.Sha256;
        }
    }

    private BlobClient Blob(string name) => storage.Weights.GetBlobClient(name);
}
