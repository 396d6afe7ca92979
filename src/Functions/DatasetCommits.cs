using System.Collections.Concurrent;
using System.Text;
using Azure;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ReidCloud.Datasets;
using ReidCloud.Runs;
using ReidCloud.Specs;

namespace ReidCloud.Functions;

/// <summary>
/// The commits that this process works on. A commit outlives the request that asked for it; should it not outlive the process, another takes it up.
/// </summary>
public sealed class DatasetCommits(DatasetStore datasets, IHostApplicationLifetime lifetime, ILogger<DatasetCommits> log) : IDisposable
{
    /// <summary>How often the store is told how far a commit has got.</summary>
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<Asked, Lazy<Task<CommitStatus>>> _running = new();

    /// <summary>An ingest holds the lists of all files in memory and reads with both hands: two at a time are enough for one process.</summary>
    private readonly SemaphoreSlim _places = new(2);

    /// <summary>So does the look at what was uploaded with which a commit begins; who only waits for a place to ingest holds none of it.</summary>
    private readonly SemaphoreSlim _looks = new(2);

    /// <summary>How the commit ended, or how it stands when another process is at it.</summary>
    /// <exception cref="SpecException">Nothing was uploaded, or not what was named, or a name that may not be.</exception>
    /// <exception cref="DatasetConflictException">The name belongs to a data set of other files or of another layout, or is being given to one.</exception>
    public Task<CommitStatus> CommitAsync(string dataset, CommitRequest asked)
    {
        var key = new Asked(dataset, Encoding.UTF8.GetString(ReidJson.Write(asked)));
        return _running.GetOrAdd(key, _ => new Lazy<Task<CommitStatus>>(() => RunAsync(key, dataset, asked))).Value;
    }

    public void Dispose()
    {
        _places.Dispose();
        _looks.Dispose();
    }

    private async Task<CommitStatus> RunAsync(Asked key, string dataset, CommitRequest asked)
    {
        try
        {
            var start = await LookAsync(() => datasets.BeginCommitAsync(dataset, asked, lifetime.ApplicationStopping), lifetime.ApplicationStopping);
            if (start.Work is not { } commit)
            {
                return start.Status;
            }

            await using (commit)
            {
                return await WorkAsync(commit, start.Status);
            }
        }
        finally
        {
            _running.TryRemove(key, out _);
        }
    }

    private async Task<T> LookAsync<T>(Func<Task<T>> look, CancellationToken stop)
    {
        await _looks.WaitAsync(stop);
        try
        {
            return await look();
        }
        finally
        {
            _looks.Release();
        }
    }

    private async Task<CommitStatus> WorkAsync(DatasetCommit commit, CommitStatus begun)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping, commit.Lost);
        try
        {
            return await commit.CompleteAsync(await IngestAsync(commit, stop.Token), stop.Token);
        }
        catch (DatasetException exception)
        {
            return await commit.FailAsync(exception.Message, exception.Findings, stop.Token);
        }
        catch (SpecException exception)
        {
            return await commit.FailAsync(exception.Message, [], stop.Token);
        }
        catch (RequestFailedException exception) when (exception.Status is 404 or 412)
        {
            return await commit.FailAsync("a file was replaced or removed while it was read; commit again once the upload is over", [], stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return begun;
        }
        catch (Exception exception)
        {
            log.LogError("The commit of {Dataset} failed by a fault of ours: {Fault}", commit.Dataset, Redaction.Of(exception.ToString()));
            return await commit.FailAsync($"by a fault of ours: {exception.GetType().Name}: {exception.Message}", [], stop.Token);
        }
    }

    private async Task<DatasetManifest> IngestAsync(DatasetCommit commit, CancellationToken stop)
    {
        await _places.WaitAsync(stop);
        try
        {
            var progress = new LatestProgress();
            if (commit.Combine is not null)
            {
                return await datasets.CombineAsync(commit, stop);
            }

            var uploads = await LookAsync(() => datasets.ListUploadsAsync(commit, stop), stop);
            var ingest = Task.Run(
                () => DatasetIngest.Run(
                    commit.Dataset, uploads, upload => datasets.OpenUpload(commit.Dataset, upload), commit.Layout, progress, stop, commit.Variant),
                stop);
            while (await Task.WhenAny(ingest, Task.Delay(Beat, stop)) != ingest && !stop.IsCancellationRequested)
            {
                if (progress.Value is { } reached)
                {
                    await commit.ReportAsync(reached, stop);
                }
            }

            return await ingest;
        }
        finally
        {
            _places.Release();
        }
    }

    /// <summary>Who asks for the same waits for the same; who asks for something else is answered by the store.</summary>
    private sealed record Asked(string Dataset, string Request);

    /// <summary>Keeps the last that was told, on whatever thread.</summary>
    private sealed class LatestProgress : IProgress<IngestProgress>
    {
        private volatile CommitProgress? _value;

        public CommitProgress? Value => _value;

        public void Report(IngestProgress value) => _value = new CommitProgress(value.Step, value.Done, value.Total);
    }
}
