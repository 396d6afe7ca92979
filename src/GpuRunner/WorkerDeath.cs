using System.Globalization;

namespace ReidCloud.GpuRunner;

/// <summary>How a process died, in words, from its exit code: 128 and more is a signal's number.</summary>
internal static class WorkerDeath
{
    private const int Killed = 128 + 9;

    /// <param name="code">The exit code.</param>
    /// <param name="silentFor">For how long nothing was heard of it, if it was ended for that.</param>
    /// <param name="killsForMemory">How many processes of this container the kernel has killed for memory while it lived.</param>
    public static string Describe(int code, TimeSpan? silentFor, long killsForMemory) => code switch
    {
        _ when silentFor is { } silence => $"did not answer for {silence.TotalSeconds} seconds and was ended",
        ExitCode.Hung => $"ended itself because it hung (exit code {ExitCode.Hung})",
        Killed when killsForMemory > 0 => "was killed by the kernel: out of memory (SIGKILL, and the container's count of such kills went up)",
        Killed => "was killed (SIGKILL), and not by its supervisor: by the kernel's OOM killer, perhaps (`dmesg` tells), or by somebody",
        > 128 => string.Create(CultureInfo.InvariantCulture, $"died with {Signal(code - 128)}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"ended with exit code {code}"),
    };

    private static string Signal(int number) => number switch
    {
        2 => "SIGINT",
        4 => "SIGILL (an instruction that this processor does not have)",
        6 => "SIGABRT (a native library gave up)",
        7 => "SIGBUS",
        8 => "SIGFPE",
        11 => "SIGSEGV (a fault in native code)",
        15 => "SIGTERM",
        _ => string.Create(CultureInfo.InvariantCulture, $"signal {number}"),
    };
}
