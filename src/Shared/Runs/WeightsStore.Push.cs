using System.Security.Cryptography;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using ReidCloud.Datasets;
using ReidCloud.Specs;
using ReidCloud.Weights;

namespace ReidCloud.Runs;

public sealed partial class WeightsStore
{
    private const int HashDigits = 64;

    /// <summary>Two are wanted; as many pushes may be under way at once.</summary>
    private const int MostUploads = 1000;
    private const int MostNamed = 8;

    /// <summary>Several times what any network that is known takes, its optimizer beside it. All of a file is hashed, and one of zeros costs its owner nothing.</summary>
    private const long MaxLength = 8L << 30;
    private static readonly TimeSpan CopyPoll = TimeSpan.FromMilliseconds(300);

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

        var uploads = await NamedFolders.UploadsAsync(storage.Weights, RunPaths.WeightsUploads(weights), MostUploads, _ => false, cancellationToken).ConfigureAwait(false);
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
                $"wanted is one weights file, beside it at most {ReferenceParameters.FileName}; uploaded were: {string.Join(", ", uploads.Take(MostNamed).Select(file => file.Name))}{(uploads.Count > MostNamed ? $" and {uploads.Count - MostNamed} more" : "")}. Upload it again, alone.");
        }

        if (upload.Length > MaxLength)
        {
            throw new WeightsException($"{upload.Name} has {upload.Length} bytes; at most {MaxLength} are read. Save the network alone, without its optimizer, and upload that.");
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
    private UploadStream Open(string weights, DatasetBlob upload) => new(Blob(RunPaths.WeightsUpload(weights, upload.Name)), upload);
}
