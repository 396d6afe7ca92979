using ReidCloud.Reports;
using ReidCloud.Specs;

namespace ReidCloud.Runs;

/// <summary>A run that failed, or a nudge that nobody could handle: what kind of thing it was, what is known of it, and what to do.</summary>
/// <param name="Advice">What to do about it, in a sentence.</param>
public sealed record DeadLetter(DateTimeOffset At, FailureCause Cause, string Message, string Advice)
{
    /// <summary>What to type, where one command does it.</summary>
    public string? Command { get; init; }

    /// <summary>The run that failed; its status shows each attempt.</summary>
    public RunId? Run { get; init; }

    public RunSpec? Spec { get; init; }

    /// <summary>How often it was claimed.</summary>
    public int? Attempts { get; init; }

    /// <summary>The whole exception.</summary>
    public string? Detail { get; init; }

    /// <summary>What its last attempt told last, oldest first.</summary>
    public IReadOnlyList<RunEvent>? LastEvents { get; init; }

    /// <summary>The text of the nudge that was put aside.</summary>
    public string? Nudge { get; init; }
}

/// <summary>Newest first. Ask again with `?continue=` <see cref="Continue"/> for the next page; without it this is the last.</summary>
public sealed record DeadLetterList(IReadOnlyList<DeadLetter> DeadLetters)
{
    public string? Continue { get; init; }
}

/// <summary>One page of them, and where the next begins: null after the last.</summary>
public sealed record DeadLetterPage(IReadOnlyList<DeadLetter> DeadLetters, string? Continuation);
