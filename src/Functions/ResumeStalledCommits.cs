using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using ReidCloud.Datasets;
using ReidCloud.Runs;

namespace ReidCloud.Functions;

/// <summary>
/// Every five minutes, begins again the commits of data sets whose process has not been heard of for a while. None waits for another's end, and one that
/// cannot be begun stops no other.
/// </summary>
public sealed class ResumeStalledCommits(DatasetStore datasets, DatasetCommits commits, TimeProvider time, ILogger<ResumeStalledCommits> log)
{
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(2);

    [Function(nameof(ResumeStalledCommits))]
    public async Task RunAsync([TimerTrigger("30 */5 * * * *")] TimerInfo timer, CancellationToken cancellationToken)
    {
        foreach (var name in await datasets.UnfinishedCommitsAsync(cancellationToken))
        {
            try
            {
                if (await datasets.GetCommitAsync(name, cancellationToken) is { } commit && IsAbandoned(commit))
                {
                    log.LogInformation("The commit of {Dataset} has not been heard of since {At:u} and is begun again", name, commit.UpdatedAt);
                    _ = ResumeAsync(name, commit);
                }
            }
            catch (InvalidDataException damage)
            {
                log.LogWarning("The commit of {Dataset} cannot be begun again: {Fault}", name, damage.Message);
            }
        }
    }

    /// <summary>An ingest may take longer than a timer's function may.</summary>
    private async Task ResumeAsync(string name, CommitStatus commit)
    {
        try
        {
            await commits.CommitAsync(name, new CommitRequest(commit.Layout) { Variant = commit.Variant, From = commit.From, Combine = commit.Combine, Files = commit.Files });
        }
        catch (OperationCanceledException)
        {
            // This process stops; the next sweep of another finds the commit as it is.
        }
        catch (Exception fault)
        {
            log.LogWarning(fault, "The commit of {Dataset} could not be begun again", name);
        }
    }

    private bool IsAbandoned(CommitStatus commit) =>
        commit.State == DatasetState.Committing && time.GetUtcNow() - commit.UpdatedAt > Silence;
}
