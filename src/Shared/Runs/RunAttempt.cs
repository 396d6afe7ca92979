namespace ReidCloud.Runs;

/// <summary>How one attempt at a run ended.</summary>
public enum AttemptEnd
{
    Succeeded,
    Failed,
    Cancelled,

    /// <summary>Given back: its machine was going away.</summary>
    Released,

    /// <summary>Given back: the storage did not answer for longer than its runner waits.</summary>
    StorageAway,

    /// <summary>Somebody else owned the run: its process was stopped for longer than the lease, or the lease was broken.</summary>
    LeaseLost,

    /// <summary>Nobody heard its end: it was killed, or its machine was.</summary>
    Vanished,

    /// <summary>Its process died; what is known of that is in the message.</summary>
    Crashed,

    /// <summary>No step was finished for `limits.stall`, and its process was ended.</summary>
    Hung,
}

/// <summary>The evidence of one attempt. Position and memory are what was last heard of it.</summary>
public sealed record RunAttempt(int Number, string Runner, DateTimeOffset StartedAt)
{
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Null while it is under way, and until the next one finds out.</summary>
    public AttemptEnd? End { get; init; }

    /// <summary>When it last wrote the run's status.</summary>
    public DateTimeOffset? HeardAt { get; init; }

    /// <summary>When it last kept a checkpoint.</summary>
    public DateTimeOffset? KeptAt { get; init; }

    public int? Epoch { get; init; }
    public int? Step { get; init; }

    /// <summary>Resident memory of its process.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>What its process might use, by the machine, the container or the options.</summary>
    public long? MemoryLimitBytes { get; init; }

    public string? Message { get; init => field = Redaction.OfOptional(value); }

    /// <summary>Whether it broke off: such attempts are what `limits.maxAttempts` counts.</summary>
    public bool BrokeOff => End is AttemptEnd.Vanished or AttemptEnd.Crashed or AttemptEnd.Hung;
}
