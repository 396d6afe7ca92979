using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using ReidCloud.Datasets;
using ReidCloud.Specs;

namespace ReidCloud.Runs;

/// <summary>One page of runs, newest first, and where the next begins: null after the last.</summary>
public sealed record RunPage(IReadOnlyList<RunSummary> Runs, string? Continuation)
{
    /// <summary>Runs that cannot be shown; whatever state was asked for, since theirs cannot be told.</summary>
    public IReadOnlyList<DamagedName> Damaged { get; init; } = [];
}

/// <summary>A run in a list.</summary>
public sealed record RunSummary(RunId Id, RunSpec Spec, RunStatus Status);

/// <summary>
/// All runs there are. Every write is create-only, conditional on what was read, or made by the run's owner through <see cref="RunLease"/>; so any
/// number of processes may use a store at once, and may die anywhere: what a dead one left half done, <see cref="StalledRuns"/> ends.
/// </summary>
public sealed partial class RunStore(StorageAccess storage, RunQueue queue, TimeProvider time)
{
    private const int ParallelReads = 16;

    /// <summary>How many runs one page may look at in search of a state, so that a request stays short.</summary>
    private const int LongestSearch = 1000;

    /// <summary>A search that finds little looks at so many times as many runs next.</summary>
    private const int WiderSearch = 4;

    private readonly KnownSpecs _known = new();

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
        var spec = ShownSpecAsync(run, cancellationToken);
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
        var found = new List<Listed>();
        for (int searched = 0, look = size; found.Count < size && searched < LongestSearch; look = Math.Min(WiderSearch * look, LongestSearch - searched))
        {
            var wanted = size - found.Count;
            var page = await PageAsync(RunPaths.AllSubmitted, "runs", continuation, state is null ? wanted : look, cancellationToken).ConfigureAwait(false);
            var runs = await ReadAllAsync(page.Values, state, cancellationToken).ConfigureAwait(false);
            if (runs.Count > wanted)
            {
                // More than the page may have: the next begins after the last that is taken. New runs may have come before them since.
                runs = [.. runs.Take(wanted)];
                page = await PageAsync(RunPaths.AllSubmitted, "runs", continuation, runs[^1].Place + 1, cancellationToken).ConfigureAwait(false);
                runs = [.. runs.TakeWhile(run => string.CompareOrdinal(run.Name, page.Values[^1].Name) <= 0)];
            }

            found.AddRange(runs);
            searched += page.Values.Count;
            continuation = string.IsNullOrEmpty(page.ContinuationToken) ? null : page.ContinuationToken;
            if (continuation is null)
            {
                break;
            }
        }

        return new RunPage([.. found.Select(listed => listed.Run).OfType<RunSummary>()], continuation)
        {
            Damaged = [.. found.Select(listed => listed.Damaged).OfType<DamagedName>()],
        };
    }

    /// <summary>One page of names in the index.</summary>
    /// <param name="what">What the list is one of, for the message.</param>
    private async Task<Page<BlobItem>> PageAsync(string prefix, string what, string? continuation, int size, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var page in storage.Index.GetBlobsAsync(BlobTraits.Metadata, BlobStates.None, prefix, cancellationToken)
                .AsPages(continuation, size).ConfigureAwait(false))
            {
                return page;
            }
        }
        catch (RequestFailedException exception) when (exception.Status == 400 && continuation is not null)
        {
            throw new SpecException("$.continuation", $"is not a continuation that a list of {what} gave");
        }

        return Page<BlobItem>.FromValues([], null, null!);
    }

    /// <summary>Those of the listed that are in the state or damaged.</summary>
    private async Task<IReadOnlyList<Listed>> ReadAllAsync(IReadOnlyList<BlobItem> listed, RunState? state, CancellationToken cancellationToken)
    {
        var read = new Listed?[listed.Count];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, listed.Count),
            new ParallelOptions { MaxDegreeOfParallelism = ParallelReads, CancellationToken = cancellationToken },
            async (i, token) => read[i] = await ReadAsync(i, listed[i].Name, Held(listed[i]), state, token).ConfigureAwait(false)).ConfigureAwait(false);
        return [.. read.OfType<Listed>()];
    }

    /// <param name="held">The status, where it is known and need not be read.</param>
    private async Task<Listed?> ReadAsync(int place, string name, RunStatus? held, RunState? state, CancellationToken cancellationToken)
    {
        var run = Submitted(name);
        try
        {
            return await GetAsync(run, held, state, cancellationToken).ConfigureAwait(false) is { } whole ? new Listed(place, name, whole, null) : null;
        }
        catch (InvalidDataException damage)
        {
            return new Listed(place, name, null, new DamagedName(run.ToString(), damage.Message));
        }
    }

    /// <summary>The run if it is in the state; of another one the spec is not read.</summary>
    private async Task<RunSummary?> GetAsync(RunId run, RunStatus? held, RunState? state, CancellationToken cancellationToken) =>
        held is null && state is null ? await GetAsync(run, cancellationToken).ConfigureAwait(false)
        : (held ?? (await GetStatusAsync(run, cancellationToken).ConfigureAwait(false))?.Status) is { } status && (state is null || status.State == state)
            && await ShownSpecAsync(run, cancellationToken).ConfigureAwait(false) is { } spec ? new RunSummary(run, spec, status)
        : null;

    /// <summary>For people: who is to do what was asked for reads it himself.</summary>
    private async Task<RunSpec?> ShownSpecAsync(RunId run, CancellationToken cancellationToken)
    {
        if (_known.Find(run) is { } known)
        {
            return known;
        }

        var spec = await GetSpecAsync(run, cancellationToken).ConfigureAwait(false);
        if (spec is not null)
        {
            _known.Remember(run, spec);
        }

        return spec;
    }

    private static RunId Submitted(string blob) => RunId.Parse(blob[(blob.LastIndexOf('-') + 1)..]);

    private BlobClient Blob(string name) => storage.Runs.GetBlobClient(name);

    /// <summary>A run where it stood on a page: whole or damaged.</summary>
    private sealed record Listed(int Place, string Name, RunSummary? Run, DamagedName? Damaged);
}
