namespace ReidCloud.Reports;

public enum RunEventKind
{
    Claimed,
    Resumed,
    Epoch,
    Step,
    Evaluation,
    Checkpoint,
    Note,
    Finished,
    Failed,
    Cancelled,
    Released,
}

/// <summary>
/// One line of events.jsonl: something that happened in a run. <see cref="Values"/> holds named numbers: each loss by its kind and `total`,
/// `learningRate`, `imagesPerSecond`, `secondsRemaining`, metrics as `image-to-video/mapTrapezoidal`.
/// </summary>
public sealed record RunEvent(DateTimeOffset At, RunEventKind Kind)
{
    /// <summary>Finished epochs, and the steps done of the epoch begun.</summary>
    public int? Epoch { get; init; }
    public int? Epochs { get; init; }
    public int? Step { get; init; }
    public int? Steps { get; init; }
    public IReadOnlyDictionary<string, double>? Values { get; init; }

    /// <summary>Resident memory of the runner's process, with steps and epochs.</summary>
    public long? MemoryBytes { get; init; }
    public string? Message { get; init => field = Redaction.OfOptional(value); }
}
