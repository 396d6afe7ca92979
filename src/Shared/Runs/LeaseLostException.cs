namespace ReidCloud.Runs;

/// <summary>Somebody else owns the run now, or nobody does: stop, and write nothing more. What this process did since does not count.</summary>
public sealed class LeaseLostException(RunId run, Exception? cause = null)
    : Exception($"the lease on run {run} is lost: another runner may own it", cause)
{
    public RunId Run { get; } = run;
}
