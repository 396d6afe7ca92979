using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using ReidCloud.Datasets;
using ReidCloud.Specs;

namespace ReidCloud.Runs;

/// <summary>What data sets and weights have in common: a container with a folder for each name, in which clients upload.</summary>
internal static class NamedFolders
{
    private const int ParallelReads = 8;

    /// <summary>The next names, in their order, each with what is read of it; names of which that is null are left out.</summary>
    /// <param name="what">What is listed, for the message.</param>
    /// <returns>Also those that are damaged, and where the next page begins: null after the last.</returns>
    /// <exception cref="SpecException">The continuation is not one of ours.</exception>
    public static async Task<(IReadOnlyList<(string Name, T Value)> Found, IReadOnlyList<DamagedName> Damaged, string? Continuation)> PageAsync<T>(
        BlobContainerClient container,
        string what,
        Func<string, CancellationToken, Task<T?>> read,
        string? continuation,
        int size,
        CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            await foreach (var page in container.GetBlobsByHierarchyAsync(BlobTraits.None, BlobStates.None, "/", null, cancellationToken)
                .AsPages(continuation, size).ConfigureAwait(false))
            {
                string[] names = [.. page.Values.Where(item => item.IsPrefix).Select(item => item.Prefix.TrimEnd('/'))];
                var values = new T?[names.Length];
                var damaged = new DamagedName?[names.Length];
                await Parallel.ForEachAsync(
                    Enumerable.Range(0, names.Length),
                    new ParallelOptions { MaxDegreeOfParallelism = ParallelReads, CancellationToken = cancellationToken },
                    async (i, token) =>
                    {
                        try
                        {
                            values[i] = await read(names[i], token).ConfigureAwait(false);
                        }
                        catch (InvalidDataException damage)
                        {
                            damaged[i] = new DamagedName(names[i], damage.Message);
                        }
                    }).ConfigureAwait(false);
                return (
                    [.. names.Zip(values).Where(pair => pair.Second is not null).Select(pair => (pair.First, pair.Second!))],
                    [.. damaged.OfType<DamagedName>()],
                    string.IsNullOrEmpty(page.ContinuationToken) ? null : page.ContinuationToken);
            }
        }
        catch (RequestFailedException exception) when (exception.Status == 400 && continuation is not null)
        {
            throw new SpecException("$.continuation", $"is not a continuation that a list of {what} gave");
        }

        return ([], [], null);
    }

    /// <summary>Whether there is a blob below a prefix: one is asked for, however many there are.</summary>
    public static async Task<bool> AnyAsync(BlobContainerClient container, string prefix, CancellationToken cancellationToken)
    {
        await foreach (var page in container.GetBlobsAsync(BlobTraits.None, BlobStates.None, prefix, cancellationToken).AsPages(pageSizeHint: 1).ConfigureAwait(false))
        {
            // The storage may give an empty page before one that is not.
            if (page.Values.Count > 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The blobs below a prefix, named without it, in order of names.</summary>
    /// <param name="most">Whoever may upload may do so without end; looking stops there.</param>
    /// <param name="isMeant">Of which it matters what kind of blob they are.</param>
    /// <exception cref="SpecException">There are more, or one is of a kind that declares any length and costs nothing.</exception>
    public static async Task<IReadOnlyList<DatasetBlob>> UploadsAsync(
        BlobContainerClient container, string prefix, int most, Func<string, bool> isMeant, CancellationToken cancellationToken)
    {
        var found = new List<DatasetBlob>();
        await foreach (var blob in container.GetBlobsAsync(BlobTraits.None, BlobStates.None, prefix, cancellationToken).ConfigureAwait(false))
        {
            if (found.Count == most)
            {
                throw new SpecException("$", $"more than {most} files are uploaded there; pack them into archives, and upload those under another name");
            }

            var name = blob.Name[prefix.Length..];
            if (blob.Properties.BlobType is not (null or BlobType.Block) && isMeant(name))
            {
                throw new SpecException(
                    "$.files",
                    $"'{ForeignText.Shown(name)}' is {(blob.Properties.BlobType == BlobType.Page ? "a page" : "an append")} blob; only block blobs are read: upload it with x-ms-blob-type: BlockBlob, "
                    + "under another name if it is refused, and name the files that are meant");
            }

            found.Add(new DatasetBlob(name, blob.Properties.ContentLength ?? 0, blob.Properties.ETag.GetValueOrDefault().ToString()));
        }

        return [.. found.OrderBy(blob => blob.Name, StringComparer.Ordinal)];
    }
}
