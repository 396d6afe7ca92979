using ReidCloud.Reports;

namespace ReidCloud.Runs;

public enum RunState
{
    /// <summary>Waits for the run whose checkpoint it needs.</summary>
    Waiting,
    Queued,
    Running,
    Succeeded,
    Failed,
    Cancelled,
}

public enum RunPriority
{
    Normal,

    /// <summary>Taken first, but for every fourth nudge.</summary>
    High,
}

/// <summary>A published checkpoint: the blob (in container runs), its SHA-256, and the position from which a resume goes on.</summary>
public sealed record CheckpointPointer(string Blob, string Sha256, int Epoch, int Step)
{
    /// <summary>mAP (standard) of the first retrieval setting, in [0, 1], where the training was evaluated at this point.</summary>
    public double? Score { get; init; }
}

/// <summary>
/// Where a run stands. What it points at counts; other blobs of the run are leftovers of attempts that lost.
/// </summary>
public sealed record RunStatus(RunState State, DateTimeOffset SubmittedAt, DateTimeOffset UpdatedAt)
{
    /// <summary>How soon it is taken. No metric depends on it, so it is not in the spec.</summary>
    public RunPriority Priority { get; init; }

    /// <summary>How often a runner has claimed the run: 0 before the first.</summary>
    public int Attempt { get; init; }

    /// <summary>What became of each claim, oldest first, the newest fifty; the last one is open while the run is running.</summary>
    public IReadOnlyList<RunAttempt> Attempts { get; init; } = [];

    /// <summary>Those before the listed ones, if there are any.</summary>
    public AttemptTotals? EarlierAttempts { get; init; }

    /// <summary>The attempts up to this one are forgiven: somebody asked to try again after them.</summary>
    public int RetriedAfter { get; init; }

    /// <summary>Host and process of the runner that owns it, while running.</summary>
    public string? Runner { get; init; }

    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>The latest progress the runner told; only for people.</summary>
    public RunEvent? Progress { get; init; }

    /// <summary>From where the next attempt goes on; of a succeeded run, its result.</summary>
    public CheckpointPointer? Checkpoint { get; init; }

    /// <summary>Those before it, newest first, kept in case the latest turns out to be damaged.</summary>
    public IReadOnlyList<CheckpointPointer> OlderCheckpoints { get; init; } = [];

    /// <summary>The one with the highest score so far, where any has one.</summary>
    public CheckpointPointer? BestCheckpoint { get; init; }

    /// <summary>The report's blob, once the run has succeeded. There is never more than one.</summary>
    public string? Report { get; init; }

    public RunFailure? Failure { get; init; }

    /// <summary>Nothing has become of it yet.</summary>
    public bool IsAsSubmitted => State is RunState.Waiting or RunState.Queued && Attempt == 0 && UpdatedAt == SubmittedAt;

    public bool IsFinal => State is RunState.Succeeded or RunState.Failed or RunState.Cancelled;
}
