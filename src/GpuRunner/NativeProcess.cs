using System.Runtime.InteropServices;

namespace ReidCloud.GpuRunner;

/// <summary>What a process says to its kernel and .NET has no words for. Where there is no such kernel it does what .NET can.</summary>
internal static partial class NativeProcess
{
    private const int ParentDeathSignal = 1;
    private const int SigKill = 9;

    /// <summary>Ends this process now: no handler, no destructor and no other thread can hold that up.</summary>
    public static void ExitNow(int code)
    {
        if (OperatingSystem.IsWindows())
        {
            Environment.Exit(code);
        }

        Exit(code);
    }

    /// <summary>From here on this process dies when the thread that started it does. False: that is dead already.</summary>
    public static bool TryDieWith(int parent)
    {
        if (!OperatingSystem.IsLinux())
        {
            return true;
        }

        _ = Prctl(ParentDeathSignal, SigKill, 0, 0, 0);
        return ParentId() == parent;
    }

    /// <summary>A terminal's Ctrl+C goes to those of its group: no more to this process.</summary>
    public static void LeaveGroup()
    {
        if (!OperatingSystem.IsWindows())
        {
            _ = SetGroup(0, 0);
        }
    }

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void Exit(int code);

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int Prctl(int option, nint value, nint unused2, nint unused3, nint unused4);

    [LibraryImport("libc", EntryPoint = "getppid")]
    private static partial int ParentId();

    [LibraryImport("libc", EntryPoint = "setpgid")]
    private static partial int SetGroup(int process, int group);
}
