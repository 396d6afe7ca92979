using System.Runtime.InteropServices;

namespace ReidCloud.GpuRunner;

/// <summary>
/// Memory that a step gives back, the next asks for again. glibc returns large blocks to the system, which then clears every page anew: up to a quarter of a
/// training step. A process that is started so keeps what it had, in one heap, until a run has ended.
/// </summary>
internal static partial class KeptMemory
{
    /// <summary>Read by glibc before the program begins, so whoever starts it sets this.</summary>
    public const string Variable = "GLIBC_TUNABLES";

    /// <summary>One heap for all threads, no block mapped by itself, and a free end of any size is kept.</summary>
    private const string Tunables = "glibc.malloc.arena_max=1:glibc.malloc.mmap_max=0:glibc.malloc.trim_threshold=1099511627776";

    /// <summary>Sets it for a process that is to be started, unless a person has set it for all.</summary>
    public static void In(IDictionary<string, string?> environment) => environment.TryAdd(Variable, Tunables);

    /// <summary>To the system, what nobody uses now.</summary>
    public static void GiveBack()
    {
        if (OperatingSystem.IsLinux())
        {
            _ = Trim(0);
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint kept);
}
