namespace ReidCloud.Runs;

/// <summary>What was asked cannot be done with the run as it stands; the message says what can.</summary>
public sealed class RunConflictException(RunId run, string message) : Exception(message)
{
    public RunId Run { get; } = run;
}
