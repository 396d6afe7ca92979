using ReidCloud.Reports;
using ReidCloud.Specs;

namespace ReidCloud.Runs;

public sealed partial class RunStore
{
    /// <summary>How many attempts are looked at for the last events.</summary>
    private const int LongestLookBack = 5;

    /// <summary>Leaves the end of an attempt for whoever takes the run next. False: somebody has told it before, and that stands.</summary>
    public Task<bool> LeaveEvidenceAsync(RunId run, int attempt, AttemptEvidence evidence, CancellationToken cancellationToken) =>
        StoredJson.TryCreateAsync(Blob(RunPaths.AttemptEnd(run, attempt)), ReidJson.Write(evidence), cancellationToken);

    /// <summary>What was left of an attempt, or null.</summary>
    public async Task<AttemptEvidence?> GetEvidenceAsync(RunId run, int attempt, CancellationToken cancellationToken)
    {
        try
        {
            return (await StoredJson.ReadAsync<AttemptEvidence>(Blob(RunPaths.AttemptEnd(run, attempt)), cancellationToken).ConfigureAwait(false))?.Value;
        }
        catch (InvalidDataException)
        {
            // Damaged evidence is none: the run must not stand still for it.
            return null;
        }
    }

    /// <summary>
    /// A status that nobody works on, with the ends of those attempts that could not write them: as the evidence says, else vanished. Evidence may come
    /// late, so one that was held to have vanished is looked up again.
    /// </summary>
    public async Task<RunStatus> HearEndsAsync(RunId run, RunStatus status, CancellationToken cancellationToken)
    {
        var attempts = new List<RunAttempt>(status.Attempts.Count);
        foreach (var attempt in status.Attempts)
        {
            var unknown = attempt.End is null || (attempt.End == AttemptEnd.Vanished && status.Counts(attempt));
            attempts.Add(unknown ? attempt.Known(await GetEvidenceAsync(run, attempt.Number, cancellationToken).ConfigureAwait(false)) : attempt);
        }

        return status with { Attempts = attempts };
    }

    /// <summary>The last events of a run, oldest first, over its last attempts.</summary>
    public async Task<IReadOnlyList<RunEvent>> ReadLastEventsAsync(RunId run, int attempt, int count, CancellationToken cancellationToken)
    {
        var events = new List<RunEvent>();
        for (var back = 0; back < LongestLookBack && attempt - back > 0 && events.Count < count; back++)
        {
            var last = await EventLog.ReadLastAsync(storage, run, attempt - back, cancellationToken).ConfigureAwait(false);
            events.InsertRange(0, last.TakeLast(count - events.Count));
        }

        return events;
    }
}
