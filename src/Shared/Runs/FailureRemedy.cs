namespace ReidCloud.Runs;

/// <summary>What to do about a run that failed, by its cause: a sentence, and the command where one does it.</summary>
public sealed record FailureRemedy(string Advice, string? Command = null)
{
    /// <param name="parent">The run that has to be tried again first, if there is one.</param>
    public static FailureRemedy Of(RunId run, FailureCause cause, RunId? parent)
    {
        var retry = $"reid retry {run}";
        return cause switch
        {
            FailureCause.BadSpec => new("put right what the message names; where that is the request itself, submit a changed one, else try it again", retry),
            FailureCause.BadData => new("mend or replace what the message names: a checkpoint is made anew from the start, a data set or weights are uploaded under another name", $"{retry} --from-start"),
            FailureCause.OutOfMemory => new(
                "ask for less at a time ($.sampling.identities or tracklets, the method's views, $.input, $.evaluation.frames), which is another run; or try it again on a runner with "
                + "more memory, from the last checkpoint",
                retry),
            FailureCause.Diverged => new("submit it with a lower learning rate, such as --set optimizer.learningRate=1e-5; another try alone would most likely end the same", null),
            FailureCause.Hung => new("look at what it was at; another try goes on from the last checkpoint, and a larger $.limits.stall, for a slow machine, is another run", retry),
            FailureCause.TimeLimit => new("another try goes on from the last checkpoint with the time counted anew; a larger $.limits.timeout is another run", retry),
            FailureCause.Parent => parent is { } first
                ? new($"try run {first} again: this one then waits for it by itself", $"reid retry {first}")
                : new("the run that it builds on need not stop it any more: try it again", retry),
            FailureCause.Infrastructure => new("mend the machine (its log tells: killed for memory, for time, a driver that failed, a full disk); another try goes on from the last checkpoint", retry),
            FailureCause.Fault => new("most likely a fault of this program: report it with the detail, which has the whole exception; another try goes on from the last checkpoint", retry),
        };
    }

    /// <summary>Both in a sentence.</summary>
    public override string ToString() => $"{char.ToUpperInvariant(Advice[0])}{Advice[1..]}{(Command is null ? "" : $": `{Command}`")}";
}
