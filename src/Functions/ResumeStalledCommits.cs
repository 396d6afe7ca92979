using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using ReidCloud.Datasets;
using ReidCloud.Functions.Api;
using ReidCloud.Runs;

namespace ReidCloud.Functions;

/// <summary>Every five minutes, begins again the commits of data sets whose process has not been heard of for a while.</summary>
public sealed class ResumeStalledCommits(DatasetStore datasets, DatasetCommits commits, TimeProvider time, ILogger<ResumeStalledCommits> log)
{
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(2);

    [Function(nameof(ResumeStalledCommits))]
    public async Task RunAsync([TimerTrigger("30 */5 * * * *")] TimerInfo timer, CancellationToken cancellationToken)
    {
        string? continuation = null;
        do
        {
            var page = await datasets.ListAsync(continuation, Parameters.DefaultLimit, cancellationToken);
            foreach (var (name, commit) in page.Datasets.Where(dataset => IsAbandoned(dataset.Commit)))
            {
                log.LogInformation("The commit of {Dataset} has not been heard of since {At:u} and is begun again", name, commit.UpdatedAt);
                await commits.CommitAsync(name, new CommitRequest(commit.Layout) { Files = commit.Files }).WaitAsync(cancellationToken);
            }

            continuation = page.Continuation;
        }
        while (continuation is not null);
    }

    private bool IsAbandoned(CommitStatus commit) =>
        commit.State == DatasetState.Committing && time.GetUtcNow() - commit.UpdatedAt > Silence;
}
