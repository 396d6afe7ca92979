namespace ReidCloud.Cli;

/// <summary>What a script may rely on.</summary>
internal static class ExitCode
{
    public const int Ok = 0;

    /// <summary>Something failed that the arguments did not cause: a run, a service, the machine.</summary>
    public const int Fault = 1;

    /// <summary>The arguments or the request are wrong; nothing was changed.</summary>
    public const int Mistake = 2;

    /// <summary>What was done again came out otherwise.</summary>
    public const int Different = 3;

    /// <summary>Ctrl+C, as shells count it.</summary>
    public const int Interrupted = 130;
}
