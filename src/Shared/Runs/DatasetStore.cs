using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Azure.Storage.Sas;
using ReidCloud.Datasets;
using ReidCloud.Specs;

namespace ReidCloud.Runs;

/// <summary>A committed or failed data set, or one that is being committed.</summary>
public sealed record DatasetSummary(string Name, CommitStatus Commit);

/// <summary>One page of data sets by name, and where the next begins: null after the last.</summary>
public sealed record DatasetPage(IReadOnlyList<DatasetSummary> Datasets, string? Continuation);

/// <summary>
/// All data sets there are: uploads, which clients write directly; commit.json, which says where making a data set of them stands; and the manifest,
/// which counts only when commit.json says that it is ready.
/// </summary>
public sealed class DatasetStore(StorageAccess storage, TimeProvider time)
{
    private const int ReadAhead = 4 << 20;
    private const int ParallelSeals = 16;
    private const int MostParts = 20;
    private const string TestPath = "$.combine.test";

    private readonly ReadyDatasets _ready = new(time);

    private TimeSpan Lease => TimeSpan.FromSeconds(storage.Options.LeaseSeconds);

    /// <summary>A short-lived address to which anyone who has it can write this one file.</summary>
    /// <exception cref="SpecException">A name that may not be.</exception>
    /// <exception cref="DatasetConflictException">The data set is committed: its files stay as they are.</exception>
    public async Task<UploadOffer> OfferUploadAsync(string dataset, string file, CancellationToken cancellationToken)
    {
        DatasetName.Require(dataset, "$.dataset");
        DatasetName.RequireFile(file, "$.file");
        var commit = await GetWholeAsync(dataset, cancellationToken).ConfigureAwait(false);
        if (commit is { State: DatasetState.Ready })
        {
            throw new DatasetConflictException(dataset, $"data set '{dataset}' is committed and does not change any more; upload under another name");
        }

        if (commit is { State: DatasetState.Failed })
        {
            await BreakSealAsync(Upload(dataset, file), cancellationToken).ConfigureAwait(false);
        }

        var address = await storage.SignAsync(
            Upload(dataset, file),
            BlobSasPermissions.Write,
            time.GetUtcNow(),
            storage.Options.UploadValidity,
            null,
            cancellationToken).ConfigureAwait(false);
        return new UploadOffer(dataset, file, address.Url, address.ExpiresAt);
    }

    /// <summary>Whether anything has been uploaded.</summary>
    public Task<bool> HasUploadsAsync(string dataset, CancellationToken cancellationToken) =>
        NamedFolders.AnyAsync(storage.Datasets, RunPaths.Uploads(dataset), cancellationToken);

    /// <summary>What has been uploaded, in order of names.</summary>
    /// <exception cref="SpecException">There are more than a data set may have, or one is no block blob.</exception>
    public Task<IReadOnlyList<DatasetBlob>> ListUploadsAsync(string dataset, CancellationToken cancellationToken) => ListUploadsAsync(dataset, null, cancellationToken);

    /// <summary>The uploads that a commit was begun with, as they were then.</summary>
    /// <exception cref="DatasetException">They have changed since.</exception>
    public async Task<IReadOnlyList<DatasetBlob>> ListUploadsAsync(DatasetCommit commit, CancellationToken cancellationToken)
    {
        if (commit.From is { } from)
        {
            return Unchanged(commit, (await SourceAsync(commit.Dataset, from, cancellationToken).ConfigureAwait(false)).Blobs);
        }

        var uploads = await ListUploadsAsync(commit.Dataset, commit.Files, cancellationToken).ConfigureAwait(false);
        var named = commit.Files?.ToHashSet(StringComparer.Ordinal) is { } files ? [.. uploads.Where(upload => files.Contains(upload.Name))] : uploads;
        return Unchanged(commit, named);
    }

    private static IReadOnlyList<DatasetBlob> Unchanged(DatasetCommit commit, IReadOnlyList<DatasetBlob> named)
    {
        return Fingerprint(named) == commit.Uploads
            ? named
            : throw new DatasetException(new Finding(FindingSeverity.Error, "uploads-changed", "files came, went or changed after the commit was begun; commit again once the upload is over", 1, []));
    }

    /// <summary>The data set that others make together, as they were when the commit was begun.</summary>
    /// <exception cref="SpecException">One of them is not there any more.</exception>
    public async Task<DatasetManifest> CombineAsync(DatasetCommit commit, CancellationToken cancellationToken)
    {
        var asked = commit.Combine!;
        var parts = new Dictionary<string, DatasetManifest>(StringComparer.Ordinal);
        foreach (var (path, name) in PartsOf(asked))
        {
            parts[name] = parts.GetValueOrDefault(name) ?? await GetManifestAsync(name, cancellationToken).ConfigureAwait(false) ?? throw NotReady(path, name);
        }

        return CombinedDataset.Of(commit.Dataset, [.. asked.Datasets.Select(name => parts[name])], asked.Test is null ? null : parts[asked.Test]);
    }

    /// <summary>An upload, seekable; of exactly the version that was listed, else reading fails.</summary>
    public Stream OpenUpload(string dataset, DatasetBlob upload) => new UploadStream(Upload(dataset, upload), upload);

    /// <summary>Copies an upload of exactly that version into a local file, in parallel pieces, and goes on where an earlier call was interrupted.</summary>
    /// <param name="progress">Bytes that are there.</param>
    public Task DownloadUploadAsync(
        string dataset, DatasetBlob upload, string file, IProgress<long>? progress, CancellationToken cancellationToken) =>
        new BlobDownload(Upload(dataset, upload), upload, file).RunAsync(progress, cancellationToken);

    /// <summary>One frame's bytes, by a request for no more than them, decompressed and verified; of exactly the version that the manifest was made of.</summary>
    /// <exception cref="InvalidDataException">They are not there any more, or not what the manifest says.</exception>
    public async Task<byte[]> ReadFrameAsync(string dataset, DatasetBlob upload, FrameSource frame, CancellationToken cancellationToken)
    {
        try
        {
            var from = await RangeAsync(LocalHeader.UsualLength).ConfigureAwait(false);
            return FrameBytes.IsWithin(from.Span, frame)
                ? FrameBytes.Read(from.Span, frame)
                : FrameBytes.Read((await RangeAsync(LocalHeader.LongestLength).ConfigureAwait(false)).Span, frame);
        }
        catch (Exception exception) when (exception is ArchiveException or RequestFailedException { Status: 404 or 412 or 416 })
        {
            throw new InvalidDataException($"frame '{ForeignText.Shown(frame.Name)}' of data set '{dataset}' cannot be read from '{ForeignText.Shown(upload.Name)}': {exception.Message}", exception);
        }

        async Task<ReadOnlyMemory<byte>> RangeAsync(int header)
        {
            var options = new BlobDownloadOptions
            {
                Range = new HttpRange(frame.Offset, frame.CompressedLength + (frame.IsInArchive ? header : 0)),
                Conditions = new BlobRequestConditions { IfMatch = new ETag(upload.ETag) },
            };
            return (await Upload(dataset, upload).DownloadContentAsync(options, cancellationToken).ConfigureAwait(false)).Value.Content.ToMemory();
        }
    }

    /// <summary>Where the data set's commit stands, or null when there has been none.</summary>
    public async Task<CommitStatus?> GetCommitAsync(string dataset, CancellationToken cancellationToken) =>
        (await StoredJson.ReadAsync<CommitStatus>(Blob(RunPaths.Commit(dataset)), cancellationToken).ConfigureAwait(false))?.Value;

    /// <summary>The same for people: one that is damaged is shown as failed, with which blob that is.</summary>
    public async Task<CommitStatus?> GetShownAsync(string dataset, CancellationToken cancellationToken)
    {
        try
        {
            return await GetCommitAsync(dataset, cancellationToken).ConfigureAwait(false);
        }
        catch (InvalidDataException damage)
        {
            return new CommitStatus(DatasetState.Failed, "", time.GetUtcNow()) { Failure = Remedy(damage) };
        }
    }

    /// <summary>The same, for whoever asks many times a second: that it is ready is remembered for a minute.</summary>
    public async Task<CommitStatus?> GetAdmittedAsync(string dataset, CancellationToken cancellationToken) =>
        _ready.Find(dataset) ?? _ready.Remember(dataset, await GetCommitAsync(dataset, cancellationToken).ConfigureAwait(false));

    /// <summary>The manifest, or null when the data set is not ready.</summary>
    /// <exception cref="InvalidDataException">It is not the one that was committed.</exception>
    public async Task<DatasetManifest?> GetManifestAsync(string dataset, CancellationToken cancellationToken)
    {
        if (await GetCommitAsync(dataset, cancellationToken).ConfigureAwait(false) is not { State: DatasetState.Ready } commit)
        {
            return null;
        }

        var blob = Blob(RunPaths.Manifest(dataset));
        await using var content = await blob.OpenReadAsync(0, ReadAhead, null, cancellationToken).ConfigureAwait(false);
        var manifest = ManifestJson.Read(content);
        return manifest.Hash == commit.Hash
            ? manifest
            : throw new InvalidDataException($"blob '{blob.BlobContainerName}/{blob.Name}' is not the manifest that was committed; commit the data set under another name");
    }

    /// <summary>Data sets by name.</summary>
    /// <exception cref="SpecException">The continuation is not one of ours.</exception>
    public async Task<DatasetPage> ListAsync(string? continuation, int size, CancellationToken cancellationToken)
    {
        var page = await NamedFolders.PageAsync(storage.Datasets, "data sets", GetShownAsync, continuation, size, cancellationToken).ConfigureAwait(false);
        return new DatasetPage([.. page.Found.Select(found => new DatasetSummary(found.Name, found.Value))], page.Continuation);
    }

    /// <summary>
    /// Begins to make a data set of what was uploaded, unless it is one already or somebody else is at it: then there is only a status. What an earlier
    /// process left half done is begun again. No upload is ever removed here: somebody may be about to commit it.
    /// </summary>
    /// <exception cref="SpecException">Nothing was uploaded, or not what was named, or a name that may not be.</exception>
    /// <exception cref="DatasetConflictException">The name belongs to a data set of other files or of another layout, or is being given to one.</exception>
    public async Task<CommitStart> BeginCommitAsync(string dataset, CommitRequest asked, CancellationToken cancellationToken)
    {
        DatasetName.Require(dataset, "$.dataset");
        var before = await GetWholeAsync(dataset, cancellationToken).ConfigureAwait(false);
        var begun = await MeantAsync(dataset, asked, before is { State: not DatasetState.Failed } ? before : null, cancellationToken).ConfigureAwait(false);
        var blob = Blob(RunPaths.Commit(dataset));
        var marker = storage.Index.GetBlobClient(RunPaths.Committing(dataset));
        if (before is not null && Settled(dataset, begun, before) is { } settled)
        {
            await marker.DeleteIfExistsAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
            return new CommitStart(settled, null);
        }

        await StoredJson.TryCreateAsync(marker, Array.Empty<byte>(), cancellationToken).ConfigureAwait(false);
        await StoredJson.TryCreateAsync(blob, ReidJson.Write(begun), cancellationToken).ConfigureAwait(false);
        var lease = await BlobLease.TryAcquireAsync(blob, Lease, storage.Patience, time, cancellationToken).ConfigureAwait(false);
        var there = (await GetCommitAsync(dataset, cancellationToken).ConfigureAwait(false))!;
        if (lease is null)
        {
            return IsOfOthers(there, asked, begun)
                ? throw new DatasetConflictException(
                    dataset, $"data set '{dataset}' is being made of other files by somebody else; commit again when that has ended, or upload under another name")
                : new CommitStart(there, null);
        }

        try
        {
            // Its last owner may have ended between the look and the lease.
            if (Settled(dataset, begun, there) is { } ended)
            {
                await marker.DeleteIfExistsAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
                await lease.DisposeAsync().ConfigureAwait(false);
                return new CommitStart(ended, null);
            }

            // Who takes over from a dead process does what that was asked for.
            begun = there.State == DatasetState.Committing ? begun with { Layout = begun.Layout ?? there.Layout, Variant = begun.Variant ?? there.Variant } : begun;
            var commit = new DatasetCommit(dataset, begun, lease, Blob(RunPaths.Manifest(dataset)), marker, (sealing, token) => SealAsync(dataset, sealing, token), time);
            await commit.WriteAsync(begun, cancellationToken).ConfigureAwait(false);
            return new CommitStart(begun, commit);
        }
        catch
        {
            await lease.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Data sets whose commit was begun and has not ended; to be begun again, which does nothing where somebody is at it.</summary>
    public async Task<IReadOnlyList<string>> UnfinishedCommitsAsync(CancellationToken cancellationToken)
    {
        var names = new List<string>();
        await foreach (var marker in storage.Index.GetBlobsAsync(BlobTraits.None, BlobStates.None, RunPaths.AllCommitting, cancellationToken).ConfigureAwait(false))
        {
            names.Add(marker.Name[RunPaths.AllCommitting.Length..]);
        }

        return names;
    }

    /// <summary>All uploads, of which those that are meant (all, where none is named) must be block blobs.</summary>
    private Task<IReadOnlyList<DatasetBlob>> ListUploadsAsync(string dataset, IReadOnlyList<string>? meant, CancellationToken cancellationToken)
    {
        var names = meant?.ToHashSet(StringComparer.Ordinal);
        return NamedFolders.UploadsAsync(
            storage.Datasets, RunPaths.Uploads(dataset), IngestLimits.Uploads, name => names?.Contains(name) != false, cancellationToken);
    }

    /// <summary>What is to be made of which files, as they are now. Who does not say which means those that it was begun with.</summary>
    private async Task<CommitStatus> MeantAsync(string dataset, CommitRequest asked, CommitStatus? before, CancellationToken cancellationToken)
    {
        var again = asked is { Files: null, From: null, Combine: null } ? before : null;
        if ((asked.Combine ?? again?.Combine) is { } combine)
        {
            return await TogetherAsync(dataset, asked, combine, cancellationToken).ConfigureAwait(false);
        }

        if ((asked.From ?? again?.From) is not { } from)
        {
            var files = asked.Files ?? again?.Files;
            var uploads = Named(dataset, await ListUploadsAsync(dataset, files, cancellationToken).ConfigureAwait(false), files);
            return new CommitStatus(DatasetState.Committing, Fingerprint(uploads), time.GetUtcNow()) { Layout = asked.Layout, Variant = asked.Variant, Files = files };
        }

        if (asked.Files is not null)
        {
            throw new SpecException("$.files", $"has no effect beside `from`: all files of '{ForeignText.Shown(from)}' are meant; leave one of them out");
        }

        var source = await SourceAsync(dataset, from, cancellationToken).ConfigureAwait(false);
        return new CommitStatus(DatasetState.Committing, Fingerprint(source.Blobs), time.GetUtcNow())
        {
            Layout = asked.Layout ?? (before?.From == from ? before.Layout : source.Layout), Variant = asked.Variant, From = from,
        };
    }

    /// <summary>Data sets that are ready never change, so their hashes say what is meant.</summary>
    private async Task<CommitStatus> TogetherAsync(string dataset, CommitRequest asked, CombineRequest combine, CancellationToken cancellationToken)
    {
        foreach (var (member, value) in new (string, object?)[] { ("layout", asked.Layout), ("variant", asked.Variant), ("from", asked.From), ("files", asked.Files) })
        {
            if (value is not null)
            {
                throw new SpecException($"$.{member}", "has no effect beside `combine`, which takes data sets as they are; leave one of them out");
            }
        }

        var text = new StringBuilder("combined 1\n");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (path, name) in PartsOf(combine))
        {
            DatasetName.Require(name, path);
            var isTest = path == TestPath;
            if (name == dataset || (!isTest && !seen.Add(name)))
            {
                throw new SpecException(path, name == dataset ? "is the data set itself; name those that it is to be made of" : $"names '{name}' again: once is enough");
            }

            if (await GetWholeAsync(name, cancellationToken).ConfigureAwait(false) is not { State: DatasetState.Ready, Diagnosis: { } counts } part)
            {
                throw NotReady(path, name);
            }

            if (isTest ? counts.Gallery.Tracklets == 0 : counts.Train.Identities == 0)
            {
                throw new SpecException(path, $"data set '{name}' has no {(isTest ? "gallery to be measured on" : "training split")}; leave it out");
            }

            text.Append(CultureInfo.InvariantCulture, $"{(isTest ? "test" : "train")} {name} {part.Hash}\n");
        }

        return new CommitStatus(DatasetState.Committing, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()))), time.GetUtcNow()) { Combine = combine };
    }

    /// <summary>Each data set by its place in the request.</summary>
    private static IEnumerable<(string Path, string Name)> PartsOf(CombineRequest asked)
    {
        if (asked.Datasets.Count is 0 or > MostParts)
        {
            throw new SpecException("$.combine.datasets", $"must name 1 to {MostParts} data sets, had {asked.Datasets.Count}");
        }

        var trained = asked.Datasets.Select((name, i) => ($"$.combine.datasets[{i}]", name));
        return asked.Test is null ? trained : trained.Append((TestPath, asked.Test));
    }

    private static SpecException NotReady(string path, string name) => new(path, $"there is no data set '{name}' that is ready: GET /api/datasets/{name} says more");

    /// <summary>The files of a data set that another is made of, and how they are arranged. They never change any more.</summary>
    /// <exception cref="SpecException">It is not there, or not ready.</exception>
    private async Task<(string Layout, IReadOnlyList<DatasetBlob> Blobs)> SourceAsync(string dataset, string from, CancellationToken cancellationToken)
    {
        DatasetName.Require(from, "$.from");
        if (from == dataset)
        {
            throw new SpecException("$.from", $"is the data set itself; name the one whose files '{dataset}' is to be made of");
        }

        return await GetManifestAsync(from, cancellationToken).ConfigureAwait(false) switch
        {
            null => throw NotReady("$.from", from),
            { Layout: CombinedDataset.Layout } => throw new SpecException("$.from", $"'{from}' is put together from others; name one of those"),
            var manifest => (manifest.Layout, [.. manifest.Blobs.Select(blob => blob.In(from))]),
        };
    }

    private static string Remedy(InvalidDataException damage) => $"{damage.Message}; upload under another name";

    /// <summary>Where the commit stands, for whoever wants to change that.</summary>
    private async Task<CommitStatus?> GetWholeAsync(string dataset, CancellationToken cancellationToken)
    {
        try
        {
            return await GetCommitAsync(dataset, cancellationToken).ConfigureAwait(false);
        }
        catch (InvalidDataException damage)
        {
            throw new DatasetConflictException(dataset, Remedy(damage));
        }
    }

    /// <summary>The status of a data set that is ready and the same as is asked for; null when there is something to do.</summary>
    private static CommitStatus? Settled(string dataset, CommitStatus asked, CommitStatus there) => there switch
    {
        { State: not DatasetState.Ready } => null,
        _ when there.Uploads != asked.Uploads => throw new DatasetConflictException(
            dataset, $"data set '{dataset}' is committed and its files have changed since; upload them under another name"),
        _ when asked.Layout is not null && asked.Layout != there.Layout => throw new DatasetConflictException(
            dataset, $"data set '{dataset}' is committed with layout '{there.Layout}', not '{asked.Layout}'; upload it under another name"),
        _ when asked.Variant is not null && asked.Variant != there.Variant => throw new DatasetConflictException(
            dataset,
            $"data set '{dataset}' is committed {(there.Variant is null ? "without a variant" : $"with variant '{there.Variant}'")}, not '{asked.Variant}'; commit another one of the same files: PUT /api/datasets/NAME with \"from\": \"{there.From ?? dataset}\""),
        _ => there,
    };

    /// <summary>Whether somebody is at work on other files than those that were named: its end would say nothing of them.</summary>
    private static bool IsOfOthers(CommitStatus there, CommitRequest asked, CommitStatus begun) =>
        (asked.Files ?? (object?)asked.From ?? asked.Combine) is not null
        && there.State == DatasetState.Committing
        && there.Uploads != begun.Uploads
        && (asked.Files is null || there.Files?.ToHashSet(StringComparer.Ordinal).SetEquals(asked.Files) != true);

    /// <summary>All uploads, or those that were named.</summary>
    private static IReadOnlyList<DatasetBlob> Named(string dataset, IReadOnlyList<DatasetBlob> uploads, IReadOnlyList<string>? files)
    {
        if (uploads.Count == 0)
        {
            throw new SpecException("$.dataset", $"nothing is uploaded for '{dataset}'; ask for an upload address, put the archive or files there, then commit");
        }

        if (files is null)
        {
            return uploads;
        }

        var found = uploads.ToDictionary(upload => upload.Name, StringComparer.Ordinal);
        var named = new SortedDictionary<string, DatasetBlob>(StringComparer.Ordinal);
        foreach (var (i, file) in files.Index())
        {
            if (!found.TryGetValue(file ?? "", out var upload))
            {
                throw new SpecException($"$.files[{i}]", $"'{file}' is not uploaded for '{dataset}'; ask for an upload address, put it there, then commit");
            }

            if (!named.TryAdd(upload.Name, upload))
            {
                throw new SpecException($"$.files[{i}]", $"names '{file}' again: once is enough");
            }
        }

        return named.Count > 0 ? [.. named.Values] : throw new SpecException("$.files", "must name at least one upload; leave it out to mean all");
    }

    private static string Fingerprint(IEnumerable<DatasetBlob> uploads)
    {
        var text = new StringBuilder();
        foreach (var upload in uploads)
        {
            text.Append(upload.Dataset is null ? "" : $"{upload.Dataset}\n");
            text.Append(CultureInfo.InvariantCulture, $"{upload.Name}\n{upload.Length}\n{upload.ETag}\n");
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <summary>
    /// Lets nobody write these files any more who was given an address for them: that takes a lease's id, and nobody keeps this one's. Addresses to create
    /// only, which would never overwrite, take no blocks (azure-cli issue 16899, azure-storage-node issue 485), and archives need blocks. Those of another data
    /// set are sealed already.
    /// </summary>
    /// <exception cref="RequestFailedException">412: a file is no longer of the version that was read.</exception>
    private Task SealAsync(string dataset, IReadOnlyList<DatasetBlob> uploads, CancellationToken cancellationToken) => Parallel.ForEachAsync(
        uploads.Where(upload => upload.Dataset is null),
        new ParallelOptions { MaxDegreeOfParallelism = ParallelSeals, CancellationToken = cancellationToken },
        async (upload, token) =>
        {
            var blob = Upload(dataset, upload.Name);
            var asRead = new RequestConditions { IfMatch = new ETag(upload.ETag) };
            try
            {
                await blob.GetBlobLeaseClient().AcquireAsync(BlobLeaseClient.InfiniteLeaseDuration, asRead, token).ConfigureAwait(false);
            }
            catch (RequestFailedException exception) when (exception.ErrorCode == BlobErrorCode.LeaseAlreadyPresent)
            {
                // Of an owner before that died, or of somebody who had an address.
                await BreakSealAsync(blob, token).ConfigureAwait(false);
                await blob.GetBlobLeaseClient().AcquireAsync(BlobLeaseClient.InfiniteLeaseDuration, asRead, token).ConfigureAwait(false);
            }
        });

    private static async Task BreakSealAsync(BlobClient blob, CancellationToken cancellationToken)
    {
        try
        {
            await blob.GetBlobLeaseClient().BreakAsync(TimeSpan.Zero, cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch (RequestFailedException exception) when (exception.Status == 404 || exception.ErrorCode == BlobErrorCode.LeaseNotPresentWithLeaseOperation)
        {
            // It is not there, or nobody has sealed it.
        }
    }

    /// <summary>Where it was uploaded to, whatever data set reads it.</summary>
    private BlobClient Upload(string dataset, DatasetBlob upload) => Upload(upload.Dataset ?? dataset, upload.Name);

    private BlobClient Upload(string dataset, string file) => Blob(RunPaths.Upload(dataset, file));

    private BlobClient Blob(string name) => storage.Datasets.GetBlobClient(name);
}
