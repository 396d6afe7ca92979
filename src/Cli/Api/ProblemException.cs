namespace ReidCloud.Cli.Api;

/// <summary>The HTTP API refused, or could not.</summary>
internal sealed class ProblemException(Problem problem) : Exception(problem.Title)
{
    public Problem Problem { get; } = problem;

    /// <summary>Our own fault from 500 on; otherwise what was asked is wrong.</summary>
    public int ExitCode => Problem.Status >= 500 ? Cli.ExitCode.Fault : Cli.ExitCode.Mistake;

    /// <summary>What to type next, where the status alone tells.</summary>
    public string? Remedy => Problem.Status switch
    {
        401 or 403 => "set REIDCLOUD_KEY to the Functions app's key",
        404 => "`./reid runs` and `./reid dataset list` show what there is",
        >= 500 => "the logs of a local system are in .reid/logs",
        _ => null,
    };
}
