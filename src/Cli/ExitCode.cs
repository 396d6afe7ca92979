namespace ReidCloud.Cli;

/// <summary>What a script may rely on.</summary>
internal static class ExitCode
{
    public const int Ok = 0;

    /// <summary>For people.</summary>
    public const string Meanings = "Exit codes: 0 well; 1 a fault of a run, a service or the machine; 2 a mistake in what was asked, and nothing was changed; "
        + "3 what was done again came out otherwise; 130 Ctrl+C. With --json the result alone is on standard output.";

    /// <summary>Something failed that the arguments did not cause: a run, a service, the machine.</summary>
    public const int Fault = 1;

    /// <summary>The arguments or the request are wrong; nothing was changed.</summary>
    public const int Mistake = 2;

    /// <summary>What was done again came out otherwise.</summary>
    public const int Different = 3;

    /// <summary>Ctrl+C, as shells count it.</summary>
    public const int Interrupted = 130;
}
