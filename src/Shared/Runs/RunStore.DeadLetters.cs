using System.Security.Cryptography;
using System.Text;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using ReidCloud.Datasets;
using ReidCloud.Specs;

namespace ReidCloud.Runs;

public sealed partial class RunStore
{
    private const int LongestNudge = 200;
    private const int LastEvents = 10;

    /// <summary>
    /// What failed, newest first. Of runs the list holds only names: what is shown is read from where it stands, and a name that a retry has outlived is
    /// passed over and removed.
    /// </summary>
    /// <exception cref="SpecException">The continuation is not one of ours.</exception>
    public async Task<DeadLetterPage> ListDeadLettersAsync(string? continuation, int size, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        var page = await PageAsync(RunPaths.AllDead, "dead letters", continuation, size, cancellationToken).ConfigureAwait(false);
        var letters = new DeadLetter?[page.Values.Count];
        await Parallel.ForEachAsync(
            page.Values.Index(),
            new ParallelOptions { MaxDegreeOfParallelism = ParallelReads, CancellationToken = cancellationToken },
            async (blob, token) => letters[blob.Index] = await ReadDeadAsync(blob.Item, token).ConfigureAwait(false)).ConfigureAwait(false);
        return new DeadLetterPage([.. letters.OfType<DeadLetter>()], string.IsNullOrEmpty(page.ContinuationToken) ? null : page.ContinuationToken);
    }

    /// <summary>What to do about a run that failed; of one that a run before it took along, that one is named.</summary>
    public async Task<FailureRemedy> RemedyAsync(RunId run, RunFailure failure, CancellationToken cancellationToken)
    {
        var parent = failure.Cause == FailureCause.Parent ? (await ParentsAsync(run, cancellationToken).ConfigureAwait(false)).Failed : null;
        return FailureRemedy.Of(run, failure.Cause, parent);
    }

    /// <summary>Keeps a nudge that nobody can handle, to be completed then. The same text again is the same letter, so that a run which cannot be read fills no list.</summary>
    public Task PutAsideAsync(Nudge nudge, FailureCause cause, string message, CancellationToken cancellationToken) =>
        PutAsideAsync(nudge.Text, cause, message, cancellationToken);

    /// <summary>Lists a run that cannot be read as a nudge to it would be.</summary>
    internal Task PutAsideAsync(RunId run, InvalidDataException damage, CancellationToken cancellationToken) => PutAsideAsync(
        run.ToString(), FailureCause.BadData, Told(damage), cancellationToken);

    /// <summary>A run that cannot be read, with what to do about it.</summary>
    public static string Told(InvalidDataException damage) => $"{damage.Message}. Put the blob back from a copy, or submit the run again with another `repeat`";

    private async Task PutAsideAsync(string nudge, FailureCause cause, string message, CancellationToken cancellationToken)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(nudge)))[..20];
        var text = ForeignText.Shown(Redaction.Of(nudge), LongestNudge);
        var blob = storage.Index.GetBlobClient(RunPaths.AsideNudge(hash));
        await StoredJson.TryCreateAsync(blob, ReidJson.Write(new AsideNudge(time.GetUtcNow(), text, cause, Redaction.Of(message))), cancellationToken).ConfigureAwait(false);
        var kept = (await StoredJson.ReadAsync<AsideNudge>(blob, cancellationToken).ConfigureAwait(false))!.Value.Value;
        await StoredJson.TryCreateAsync(storage.Index.GetBlobClient(RunPaths.DeadNudge(kept.At, hash)), Nothing, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Puts a failed run into the list.</summary>
    private Task EnsureDeadAsync(RunId run, RunStatus failed, CancellationToken cancellationToken) => StoredJson.TryCreateAsync(Dead(run, failed), Nothing, cancellationToken);

    private Task RemoveDeadAsync(RunId run, RunStatus failed, CancellationToken cancellationToken) => Dead(run, failed).DeleteIfExistsAsync(cancellationToken: cancellationToken);

    private BlobClient Dead(RunId run, RunStatus failed) => storage.Index.GetBlobClient(RunPaths.DeadRun(failed.FinishedAt ?? failed.UpdatedAt, run));

    /// <summary>What a name in the list stands for; of what is damaged, that. Null when it stands for nothing any more.</summary>
    private async Task<DeadLetter?> ReadDeadAsync(BlobItem listed, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadDeadAsync(listed.Name, cancellationToken).ConfigureAwait(false);
        }
        catch (InvalidDataException damage)
        {
            return new DeadLetter(
                listed.Properties.CreatedOn ?? time.GetUtcNow(), FailureCause.Fault, damage.Message, "what is stored of it cannot be read; submit the same spec with another `repeat`")
            {
                Run = RunPaths.NudgeOfDead(listed.Name) is null ? RunPaths.RunOfDead(listed.Name) : null,
            };
        }
    }

    /// <inheritdoc cref="ReadDeadAsync(BlobItem, CancellationToken)"/>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    private async Task<DeadLetter?> ReadDeadAsync(string name, CancellationToken cancellationToken)
    {
        if (RunPaths.NudgeOfDead(name) is { } hash)
        {
            return (await StoredJson.ReadAsync<AsideNudge>(storage.Index.GetBlobClient(RunPaths.AsideNudge(hash)), cancellationToken).ConfigureAwait(false))?.Value is { } kept
                ? new DeadLetter(kept.At, kept.Cause, kept.Message, "the message is off the queue and nothing waits for it; if it comes again, find who sends it") { Nudge = kept.Text }
                : null;
        }

        var run = RunPaths.RunOfDead(name);
        if (await GetAsync(run, cancellationToken).ConfigureAwait(false) is { Status: { State: RunState.Failed, Failure: { } failure } status } found
            && RunPaths.DeadRun(status.FinishedAt ?? status.UpdatedAt, run) == name)
        {
            var remedy = await RemedyAsync(run, failure, cancellationToken).ConfigureAwait(false);
            return new DeadLetter(status.FinishedAt ?? status.UpdatedAt, failure.Cause, failure.Message, remedy.Advice)
            {
                Command = remedy.Command,
                Run = run,
                Spec = found.Spec,
                Attempts = status.Attempt,
                Detail = failure.Detail,
                LastEvents = [.. (await EventLog.ReadLastAsync(storage, run, status.Attempt, cancellationToken).ConfigureAwait(false)).TakeLast(LastEvents)],
            };
        }

        // It was tried again since: no status can ever bear this name's time again.
        await storage.Index.GetBlobClient(name).DeleteIfExistsAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        return null;
    }

    private sealed record AsideNudge(DateTimeOffset At, string Text, FailureCause Cause, string Message);
}
