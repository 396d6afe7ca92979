namespace ReidCloud.Runs;

/// <summary>What to do about a run that failed, by its cause: a sentence, and the command where one does it.</summary>
internal sealed record FailureRemedy(string Advice, string? Command)
{
    /// <param name="parent">The run that has to be tried again first, if there is one.</param>
    public static FailureRemedy Of(RunId run, FailureCause cause, RunId? parent)
    {
        var retry = $"reid retry {run}";
        return cause switch
        {
            FailureCause.BadSpec => new("put right what the message names; where that is the request itself, submit a changed one, else try it again", retry),
            FailureCause.BadData => new("mend or replace what the message names: a checkpoint is made anew from the start, a data set or weights are uploaded under another name", $"{retry} --from-start"),
            FailureCause.OutOfMemory => new("submit it with fewer identities or views in a batch (sampling) or smaller images (input), or try it again on a runner with more memory", retry),
            FailureCause.Diverged => new("submit it with a lower learning rate, such as --set optimizer.learningRate=1e-5; another try alone would most likely end the same", null),
            FailureCause.Hung => new("look into its runner's log at that time; another try goes on from the last checkpoint, and limits.stall may be too short for a slow machine", retry),
            FailureCause.TimeLimit => new("another try has the whole of limits.timeout again, from the last checkpoint; or submit it with a longer one", retry),
            FailureCause.Parent => parent is { } first
                ? new($"try run {first} again: this one then waits for it by itself", $"reid retry {first}")
                : new("the run that it builds on need not stop it any more: try it again", retry),
            FailureCause.Infrastructure => new("look into the machine's log (killed for memory, for time, a driver that failed); another try goes on from the last checkpoint", retry),
            FailureCause.Fault => new("most likely a fault of this program: report it with the detail; another try goes on from the last checkpoint", retry),
        };
    }
}
