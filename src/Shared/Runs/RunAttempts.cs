using ReidCloud.Reports;

namespace ReidCloud.Runs;

/// <summary>Attempts that are too old to be listed, all together; those that somebody has forgiven are left out.</summary>
/// <param name="Until">The number of the last of them.</param>
public sealed record AttemptTotals(int Until, int BrokeOff, TimeSpan Running)
{
    /// <summary>What of it was done for nothing.</summary>
    public TimeSpan Redone { get; init; }
}

/// <summary>
/// How a run's attempts are written down in its status: the newest are listed, those before them are counted, and what `limits` limits is the same as if
/// all were listed.
/// </summary>
public static class RunAttempts
{
    /// <summary>A run on machines that come and go may be given back thousands of times; its status is to stay small.</summary>
    public const int Listed = 50;

    private const int LongestMessage = 1000;

    /// <summary>A runner has taken the run.</summary>
    public static RunStatus Begun(this RunStatus status, string runner, long memoryLimitBytes, DateTimeOffset at)
    {
        var attempt = new RunAttempt(status.Attempt + 1, runner, at) { HeardAt = at, MemoryLimitBytes = memoryLimitBytes };
        IReadOnlyList<RunAttempt> all = [.. status.Attempts, attempt];
        var old = all.Take(Math.Max(0, all.Count - Listed)).ToList();
        return status with
        {
            State = RunState.Running,
            Attempt = attempt.Number,
            Attempts = [.. all.Skip(old.Count)],
            EarlierAttempts = old.Count == 0
                ? status.EarlierAttempts
                : new AttemptTotals(
                    old[^1].Number,
                    status.Earlier().BrokeOff + old.Count(gone => status.Counts(gone) && gone.BrokeOff),
                    status.Earlier().Running + Sum(old.Where(status.Counts)))
                {
                    Redone = status.Earlier().Redone + SumRedone(old.Where(status.Counts)),
                },
            Runner = runner,
            StartedAt = status.StartedAt ?? at,
            UpdatedAt = at,
        };
    }

    /// <summary>The attempt under way lives and has got so far.</summary>
    public static RunStatus Heard(this RunStatus status, RunEvent? progress, long memoryBytes, DateTimeOffset at) => status.WithLast(last =>
    {
        var reached = progress is { Kind: RunEventKind.Step or RunEventKind.Epoch } ? progress : null;
        return last with { HeardAt = at, Epoch = reached?.Epoch ?? last.Epoch, Step = reached?.Step ?? last.Step, MemoryBytes = memoryBytes };
    });

    /// <summary>The attempt under way has kept a checkpoint.</summary>
    public static RunStatus Kept(this RunStatus status, DateTimeOffset at) => status.WithLast(last => last with { KeptAt = at });

    /// <summary>The attempt under way has come to an end.</summary>
    public static RunStatus Ended(this RunStatus status, AttemptEnd end, string? message, DateTimeOffset at) =>
        status.WithLast(last => last with { End = end, EndedAt = at, Message = Short(message) });

    /// <summary>How many attempts count against `limits.maxAttempts`.</summary>
    public static int BrokenOff(this RunStatus status) => status.Earlier().BrokeOff + status.Attempts.Count(attempt => status.Counts(attempt) && attempt.BrokeOff);

    /// <summary>How long the run has been running by what was last heard: what counts against `limits.timeout`.</summary>
    public static TimeSpan Running(this RunStatus status) => status.Earlier().Running + Sum(status.Attempts.Where(status.Counts));

    /// <summary>
    /// How long the attempts before the last have been running, and what of that had to be done again: an attempt that ended has done for nothing what it did
    /// after it last kept a checkpoint. Listed ones that somebody has forgiven are counted, too.
    /// </summary>
    public static (TimeSpan Running, TimeSpan Redone) BeforeTheLast(this RunStatus status)
    {
        var (earlier, listed) = (status.EarlierAttempts, status.Attempts.SkipLast(1).ToList());
        return ((earlier?.Running ?? TimeSpan.Zero) + Sum(listed), (earlier?.Redone ?? TimeSpan.Zero) + SumRedone(listed));
    }

    /// <summary>Whether nobody has forgiven it.</summary>
    public static bool Counts(this RunStatus status, RunAttempt attempt) => attempt.Number > status.RetriedAfter;

    /// <summary>What was found out about an attempt that could not tell itself.</summary>
    internal static RunAttempt Known(this RunAttempt attempt, AttemptEvidence? evidence) => evidence is null
        ? attempt with
        {
            End = AttemptEnd.Vanished,
            EndedAt = attempt.HeardAt ?? attempt.StartedAt,
            Message = "nobody heard its end: its process was killed, or its machine",
        }
        : attempt with
        {
            End = evidence.End,
            EndedAt = evidence.At,
            Epoch = evidence.Epoch ?? attempt.Epoch,
            Step = evidence.Step ?? attempt.Step,
            MemoryBytes = evidence.MemoryBytes ?? attempt.MemoryBytes,
            Message = Short(evidence.Message),
        };

    private static AttemptTotals Earlier(this RunStatus status) =>
        status.EarlierAttempts is { } earlier && earlier.Until > status.RetriedAfter ? earlier : new AttemptTotals(0, 0, TimeSpan.Zero);

    private static TimeSpan Sum(IEnumerable<RunAttempt> attempts) => attempts.Aggregate(TimeSpan.Zero, (sum, attempt) => sum + (EndOf(attempt) - attempt.StartedAt));

    /// <summary>Clocks of different machines may differ: nothing was done in less than no time.</summary>
    private static TimeSpan SumRedone(IEnumerable<RunAttempt> attempts) => attempts.Aggregate(
        TimeSpan.Zero, (sum, attempt) => sum + TimeSpan.FromTicks(Math.Max(0, (EndOf(attempt) - (attempt.KeptAt ?? attempt.StartedAt)).Ticks)));

    private static DateTimeOffset EndOf(RunAttempt attempt) => attempt.EndedAt ?? attempt.HeardAt ?? attempt.StartedAt;

    private static RunStatus WithLast(this RunStatus status, Func<RunAttempt, RunAttempt> change) => status.Attempts is [.., { End: null } last]
        ? status with { Attempts = [.. status.Attempts.SkipLast(1), change(last)] }
        : status;

    private static string? Short(string? message) => message?.Length > LongestMessage ? $"{message[..LongestMessage]}…" : message;
}
