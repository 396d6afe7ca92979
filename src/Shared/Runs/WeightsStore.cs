using System.Net.Mime;
using System.Security.Cryptography;
using System.Text;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Sas;
using ReidCloud.Datasets;
using ReidCloud.Specs;
using ReidCloud.Weights;

namespace ReidCloud.Runs;

/// <summary>Pushed weights by their name.</summary>
public sealed record NamedWeights(string Name, WeightsManifest Manifest);

/// <summary>One page of weights by name, and where the next begins: null after the last.</summary>
public sealed record WeightsPage(IReadOnlyList<NamedWeights> Weights, string? Continuation);

/// <summary>
/// All pushed weights. A client uploads a file, and it is looked at: if it is a network that is known, it is copied to where no client can write, named by
/// its SHA-256, and the manifest, written once, makes it count. Uploads are gone afterwards, whatever came of them, but for one that is another push's, and
/// when the storage itself fails: then the same push may be tried again.
/// </summary>
public sealed class WeightsStore(StorageAccess storage, TimeProvider time)
{
    private const int ReadAhead = 4 << 20;
    private const int ParallelReads = 8;
    private const int LongestFile = 200;
    private const int HashDigits = 64;

    private static readonly TimeSpan CopyPoll = TimeSpan.FromMilliseconds(300);

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
            Blob(RunPaths.WeightsUpload(weights, file)), BlobSasPermissions.Create | BlobSasPermissions.Write, time.GetUtcNow(), storage.Options.UploadValidity, null, cancellationToken)
            .ConfigureAwait(false);
        return new WeightsUploadOffer(weights, file, address.Url, address.ExpiresAt);
    }

    /// <summary>What weights are, or null when there are none of that name.</summary>
    public async Task<WeightsManifest?> GetAsync(string weights, CancellationToken cancellationToken) => DatasetName.IsValid(weights)
        ? (await StoredJson.ReadAsync<WeightsManifest>(Blob(RunPaths.WeightsManifest(weights)), cancellationToken).ConfigureAwait(false))?.Value
        : null;

    /// <summary>
    /// Makes weights of the file that was uploaded. The same content again is the same weights, though its upload be gone: a push may be repeated, and two
    /// may meet. Null when nothing was uploaded under this name and nothing is there.
    /// </summary>
    /// <exception cref="SpecException">A name or a hash that cannot be.</exception>
    /// <exception cref="WeightsException">It is no weights file that can be used; why, where, and what to do.</exception>
    /// <exception cref="WeightsConflictException">There are other weights of that name, or somebody else is pushing some.</exception>
    public async Task<WeightsManifest?> PushAsync(string weights, PushRequest asked, CancellationToken cancellationToken)
    {
        DatasetName.Require(weights, "$.weights");
        if (asked.Sha256 is not (null or { Length: HashDigits }) || asked.Sha256?.All(char.IsAsciiHexDigit) == false)
        {
            throw new SpecException("$.sha256", $"must be the file's SHA-256 in {HashDigits} hexadecimal digits, or left out");
        }

        var uploads = await UploadsAsync(weights, cancellationToken).ConfigureAwait(false);
        try
        {
            var pushed = await FindAsync(weights, uploads, asked, cancellationToken).ConfigureAwait(false);
            await ForgetAsync(weights, uploads, cancellationToken).ConfigureAwait(false);
            return pushed;
        }
        catch (Exception fault) when (fault is WeightsException or WeightsConflictException { IsUploadTheirs: false })
        {
            await ForgetAsync(weights, uploads, cancellationToken).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Weights by name.</summary>
    /// <exception cref="SpecException">The continuation is not one of ours.</exception>
    public async Task<WeightsPage> ListAsync(string? continuation, int size, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var page in storage.Weights.GetBlobsByHierarchyAsync(BlobTraits.None, BlobStates.None, "/", null, cancellationToken)
                .AsPages(continuation, size).ConfigureAwait(false))
            {
                string[] names = [.. page.Values.Where(item => item.IsPrefix).Select(item => item.Prefix.TrimEnd('/'))];
                var manifests = new WeightsManifest?[names.Length];
                await Parallel.ForEachAsync(
                    Enumerable.Range(0, names.Length),
                    new ParallelOptions { MaxDegreeOfParallelism = ParallelReads, CancellationToken = cancellationToken },
                    async (i, token) => manifests[i] = await GetAsync(names[i], token).ConfigureAwait(false)).ConfigureAwait(false);
                return new WeightsPage(
                    [.. names.Zip(manifests).Where(pair => pair.Second is not null).Select(pair => new NamedWeights(pair.First, pair.Second!))],
                    string.IsNullOrEmpty(page.ContinuationToken) ? null : page.ContinuationToken);
            }
        }
        catch (RequestFailedException exception) when (exception.Status == 400 && continuation is not null)
        {
            throw new SpecException("$.continuation", "is not a continuation that a list of weights gave");
        }

        return new WeightsPage([], null);
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

    /// <summary>What is there if it is what is meant, else what becomes of the uploads.</summary>
    private async Task<WeightsManifest?> FindAsync(string weights, IReadOnlyList<DatasetBlob> uploads, PushRequest asked, CancellationToken cancellationToken)
    {
        // Uploads were listed first: what another push has taken away since, or before, that push has made weights of by now.
        if ((asked.Sha256 is not null || uploads.All(upload => upload.Name == ReferenceParameters.FileName))
            && await GetAsync(weights, cancellationToken).ConfigureAwait(false) is { } before)
        {
            return Same(weights, asked, before);
        }

        if (uploads.Count == 0)
        {
            return null;
        }

        try
        {
            return await KeepAsync(weights, uploads, asked, cancellationToken).ConfigureAwait(false);
        }
        catch (RequestFailedException gone) when (gone.Status is 404 or 409 or 412)
        {
            return await GetAsync(weights, cancellationToken).ConfigureAwait(false) is { } meanwhile
                ? Same(weights, asked, meanwhile)
                : throw new WeightsConflictException(
                    $"somebody else pushes under the name '{weights}' at the same time, and what was uploaded is no longer there; push again, under another name if theirs are others", gone);
        }
    }

    private async Task<WeightsManifest> KeepAsync(string weights, IReadOnlyList<DatasetBlob> uploads, PushRequest asked, CancellationToken cancellationToken)
    {
        var manifest = await LookAsync(weights, uploads, asked.Backbone, cancellationToken).ConfigureAwait(false);
        if (!IsMeant(asked, manifest))
        {
            throw new WeightsConflictException(
                $"{manifest.File}, as it was uploaded for weights '{weights}', has the SHA-256 {manifest.Sha256}, not {asked.Sha256}: somebody else pushes under this name, or the file "
                + "was changed on its way; push again, under another name if theirs are others")
            {
                IsUploadTheirs = true,
            };
        }

        var found = new PushRequest(manifest.Model.Backbone, manifest.Sha256);
        if (await GetAsync(weights, cancellationToken).ConfigureAwait(false) is { } there)
        {
            return Same(weights, found, there);
        }

        var upload = uploads.Single(upload => upload.Name == manifest.File);
        var content = Blob(RunPaths.WeightsContent(weights, manifest.Sha256));
        await CopyAsync(Blob(RunPaths.WeightsUpload(weights, upload.Name)), upload, content, cancellationToken).ConfigureAwait(false);
        return await StoredJson.TryCreateAsync(Blob(RunPaths.WeightsManifest(weights)), ReidJson.Write(manifest), cancellationToken).ConfigureAwait(false)
            ? manifest
            : Same(weights, found, (await GetAsync(weights, cancellationToken).ConfigureAwait(false))!);
    }

    private async Task<WeightsManifest> LookAsync(string weights, IReadOnlyList<DatasetBlob> uploads, BackboneName? backbone, CancellationToken cancellationToken)
    {
        if (uploads.Where(upload => upload.Name != ReferenceParameters.FileName).ToList() is not [var upload])
        {
            throw new WeightsException(
                $"wanted is one weights file, beside it at most {ReferenceParameters.FileName}; uploaded were: {string.Join(", ", uploads.Select(file => file.Name))}. Upload it again, alone.");
        }

        var parameters = uploads.FirstOrDefault(file => file.Name == ReferenceParameters.FileName) is { } beside
            ? await ParametersAsync(weights, beside, cancellationToken).ConfigureAwait(false)
            : null;

        // What is in it first, since that takes little of it; the hash takes all.
        var content = Open(weights, upload);
        WeightsManifest manifest;
        await using (content.ConfigureAwait(false))
        {
            manifest = WeightsManifest.Of(content, upload.Name, "", backbone, parameters, time.GetUtcNow());
        }

        content = Open(weights, upload);
        await using (content.ConfigureAwait(false))
        {
            return manifest with { Sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken).ConfigureAwait(false)) };
        }
    }

    private async Task<ReferenceParameters> ParametersAsync(string weights, DatasetBlob file, CancellationToken cancellationToken)
    {
        if (file.Length > ReferenceParameters.MaxLength)
        {
            throw new WeightsException($"{file.Name} has {file.Length} bytes; VKD's have less than {ReferenceParameters.MaxLength}. Push without it.");
        }

        var json = new byte[file.Length];
        var content = Open(weights, file);
        await using (content.ConfigureAwait(false))
        {
            await content.ReadExactlyAsync(json, cancellationToken).ConfigureAwait(false);
        }

        return ReferenceParameters.Read(json);
    }

    /// <summary>What is not said may be anything.</summary>
    private static bool IsMeant(PushRequest asked, WeightsManifest there) =>
        (asked.Sha256 is null || asked.Sha256.Equals(there.Sha256, StringComparison.OrdinalIgnoreCase)) && (asked.Backbone is null || asked.Backbone == there.Model.Backbone);

    private static WeightsManifest Same(string weights, PushRequest asked, WeightsManifest there) => IsMeant(asked, there)
        ? there
        : throw new WeightsConflictException(
            $"weights '{weights}' are there since {there.PushedAt:u} and are others ({there.File}, {NameConverterFactory.NameOf(there.Model.Backbone)}, SHA-256 {there.Sha256}); "
            + "weights never change: push these under another name");

    /// <summary>By the storage itself. A copy that is there already has the same bytes, since its name is their hash, and stays as it is: somebody may be reading it.</summary>
    private static async Task CopyAsync(BlobClient from, DatasetBlob version, BlobClient to, CancellationToken cancellationToken)
    {
        var copy = await TryCopyAsync(from, version, to, new BlobRequestConditions { IfNoneMatch = ETag.All }, cancellationToken).ConfigureAwait(false);
        if (!IsWhole(copy, version))
        {
            // A push before left it; no manifest names it, so nobody reads it.
            copy = await TryCopyAsync(from, version, to, new BlobRequestConditions { IfMatch = copy.ETag }, cancellationToken).ConfigureAwait(false);
        }

        if (!IsWhole(copy, version))
        {
            throw new InvalidDataException($"the copy '{to.Name}' has {copy.ContentLength} bytes where the upload has {version.Length}: {copy.CopyStatusDescription}");
        }
    }

    private static bool IsWhole(BlobProperties copy, DatasetBlob version) => copy.BlobCopyStatus is null or CopyStatus.Success && copy.ContentLength == version.Length;

    /// <summary>What is there afterwards, once it is no longer on its way: the copy, or where the conditions do not hold, what was there.</summary>
    private static async Task<BlobProperties> TryCopyAsync(
        BlobClient from, DatasetBlob version, BlobClient to, BlobRequestConditions conditions, CancellationToken cancellationToken)
    {
        var options = new BlobCopyFromUriOptions
        {
            SourceConditions = new BlobRequestConditions { IfMatch = new ETag(version.ETag) },
            DestinationConditions = conditions,
        };
        try
        {
            await to.StartCopyFromUriAsync(from.Uri, options, cancellationToken).ConfigureAwait(false);
        }
        catch (RequestFailedException exception) when (exception.Status is 409 or 412)
        {
            // There is one, or the upload is another by now: then, where there is none, the next request says so.
        }

        while (true)
        {
            var copy = (await to.GetPropertiesAsync(cancellationToken: cancellationToken).ConfigureAwait(false)).Value;
            if (copy.BlobCopyStatus != CopyStatus.Pending)
            {
                return copy;
            }

            await Task.Delay(CopyPoll, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<IReadOnlyList<DatasetBlob>> UploadsAsync(string weights, CancellationToken cancellationToken)
    {
        var prefix = RunPaths.WeightsUploads(weights);
        var found = new List<DatasetBlob>();
        await foreach (var blob in storage.Weights.GetBlobsAsync(BlobTraits.None, BlobStates.None, prefix, cancellationToken).ConfigureAwait(false))
        {
            found.Add(new DatasetBlob(blob.Name[prefix.Length..], blob.Properties.ContentLength ?? 0, blob.Properties.ETag.GetValueOrDefault().ToString()));
        }

        return found;
    }

    /// <summary>What was looked at; what was put there since stays.</summary>
    private async Task ForgetAsync(string weights, IReadOnlyList<DatasetBlob> uploads, CancellationToken cancellationToken)
    {
        foreach (var upload in uploads)
        {
            try
            {
                await Blob(RunPaths.WeightsUpload(weights, upload.Name)).DeleteIfExistsAsync(
                    conditions: new BlobRequestConditions { IfMatch = new ETag(upload.ETag) }, cancellationToken: cancellationToken).ConfigureAwait(false);
            }
            catch (RequestFailedException exception) when (exception.Status == 412)
            {
                // Another version: somebody's next push.
            }
        }
    }

    /// <summary>An upload, of exactly the version that was listed.</summary>
    private Stream Open(string weights, DatasetBlob upload) => Blob(RunPaths.WeightsUpload(weights, upload.Name)).OpenRead(new BlobOpenReadOptions(allowModifications: false)
    {
        BufferSize = ReadAhead,
        Conditions = new BlobRequestConditions { IfMatch = new ETag(upload.ETag) },
    });

    private BlobClient Blob(string name) => storage.Weights.GetBlobClient(name);
}
