namespace ReidCloud.Runs;

/// <summary>
/// How an attempt ended that could not write the run's status any more: left beside it by its own process, or by who watched that die. What is null is
/// not known better than it was last heard.
/// </summary>
public sealed record AttemptEvidence(AttemptEnd End, DateTimeOffset At, string Message)
{
    public string Message { get; init => field = Redaction.Of(value); } = Redaction.Of(Message);

    public int? Epoch { get; init; }
    public int? Step { get; init; }
    public long? MemoryBytes { get; init; }

    /// <summary>The last lines that its process wrote, and whatever else is worth to be known.</summary>
    public IReadOnlyList<string> LastWords { get; init => field = [.. value.Select(Redaction.Of)]; } = [];
}
