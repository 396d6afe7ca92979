using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using ReidCloud.Specs;

namespace ReidCloud.Runs;

/// <summary>One page of runs, newest first, and where the next begins: null after the last.</summary>
public sealed record RunPage(IReadOnlyList<RunSummary> Runs, string? Continuation);

/// <summary>A run in a list.</summary>
public sealed record RunSummary(RunId Id, RunSpec Spec, RunStatus Status);

/// <summary>
/// All runs there are. Every write is create-only, conditional on what was read, or made by the run's owner through <see cref="RunLease"/>; so any
/// number of processes may use a store at once, and may die anywhere: what a dead one left half done, <see cref="StalledRuns"/> ends.
/// </summary>
public sealed partial class RunStore(StorageAccess storage, RunQueue queue, TimeProvider time)
{
    private const int ParallelReads = 8;

    /// <summary>How many runs one page may look at in search of a state, so that a request stays short.</summary>
    private const int LongestSearch = 1000;

    public StorageAccess Storage => storage;

    /// <summary>What was asked for, or null when there is no such run.</summary>
    public async Task<RunSpec?> GetSpecAsync(RunId run, CancellationToken cancellationToken) =>
        (await StoredJson.ReadAsync<RunSpec>(Blob(RunPaths.Spec(run)), cancellationToken).ConfigureAwait(false))?.Value;

    /// <summary>Where the run stands, or null when there is no such run.</summary>
    public Task<StatusSnapshot?> GetStatusAsync(RunId run, CancellationToken cancellationToken) =>
        StatusSnapshot.ReadAsync(Blob(RunPaths.Status(run)), cancellationToken);

    /// <summary>Spec and status together, or null when there is no such run.</summary>
    public async Task<RunSummary?> GetAsync(RunId run, CancellationToken cancellationToken)
    {
        var spec = GetSpecAsync(run, cancellationToken);
        var status = GetStatusAsync(run, cancellationToken);
        return await spec.ConfigureAwait(false) is { } asked && await status.ConfigureAwait(false) is { } stands
            ? new RunSummary(run, asked, stands.Status)
            : null;
    }

    /// <param name="state">Only runs in this state, or all.</param>
    /// <param name="continuation">Null, or what the page before gave.</param>
    /// <param name="size">At most so many; a page may have fewer and still have a next one.</param>
    /// <exception cref="SpecException">The continuation is not one of ours.</exception>
    public async Task<RunPage> ListAsync(RunState? state, string? continuation, int size, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        var found = new List<RunSummary>();
        for (var searched = 0; found.Count < size && searched < LongestSearch;)
        {
            var page = await PageAsync(continuation, size - found.Count, cancellationToken).ConfigureAwait(false);
            var runs = await ReadAllAsync(page.Values.Select(blob => Submitted(blob.Name)), cancellationToken).ConfigureAwait(false);
            found.AddRange(runs.Where(run => state is null || run.Status.State == state));
            searched += page.Values.Count;
            continuation = string.IsNullOrEmpty(page.ContinuationToken) ? null : page.ContinuationToken;
            if (continuation is null)
            {
                break;
            }
        }

        return new RunPage(found, continuation);
    }

    private async Task<Page<BlobItem>> PageAsync(string? continuation, int size, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var page in storage.Index.GetBlobsAsync(BlobTraits.None, BlobStates.None, RunPaths.AllSubmitted, cancellationToken)
                .AsPages(continuation, size).ConfigureAwait(false))
            {
                return page;
            }
        }
        catch (RequestFailedException exception) when (exception.Status == 400 && continuation is not null)
        {
            throw new SpecException("$.continuation", "is not a continuation that a list of runs gave");
        }

        return Page<BlobItem>.FromValues([], null, null!);
    }

    private async Task<IReadOnlyList<RunSummary>> ReadAllAsync(IEnumerable<RunId> runs, CancellationToken cancellationToken)
    {
        RunId[] ids = [.. runs];
        var read = new RunSummary?[ids.Length];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, ids.Length),
            new ParallelOptions { MaxDegreeOfParallelism = ParallelReads, CancellationToken = cancellationToken },
            async (i, token) => read[i] = await GetAsync(ids[i], token).ConfigureAwait(false)).ConfigureAwait(false);
        return [.. read.OfType<RunSummary>()];
    }

    private static RunId Submitted(string blob) => RunId.Parse(blob[(blob.LastIndexOf('-') + 1)..]);

    private BlobClient Blob(string name) => storage.Runs.GetBlobClient(name);
}
