using System.Globalization;

namespace ReidCloud.GpuRunner;

/// <summary>The memory that this process has, and that its machine or container has for it.</summary>
internal static class ProcessMemory
{
    private const string ControlGroups = "/sys/fs/cgroup";

    /// <summary>Resident memory. Mapped files are left out where that can be told: the system takes their pages back when it needs them.</summary>
    public static long Resident() => KiloBytes("/proc/self/status", "RssAnon:") ?? Environment.WorkingSet;

    /// <summary>What the machine has, or the container where that has less.</summary>
    public static long Available()
    {
        var machine = KiloBytes("/proc/meminfo", "MemTotal:") ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        return ControlGroupFolders().SelectMany(folder => (string[])[Path.Combine(folder, "memory.max"), Path.Combine(folder, "memory.limit_in_bytes")])
            .Select(Number).OfType<long>().Append(machine).Min();
    }

    /// <summary>For people.</summary>
    public static string Text(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1 << 30):F2} GiB");

    /// <summary>How many processes of this process's container the kernel has killed for memory; 0 where it does not say.</summary>
    public static long KillsForMemory() => ControlGroupFolders().Select(folder => Path.Combine(folder, "memory.events")).Where(File.Exists)
        .SelectMany(File.ReadLines).Where(line => line.StartsWith("oom_kill ", StringComparison.Ordinal))
        .Select(line => long.Parse(line.AsSpan("oom_kill ".Length), CultureInfo.InvariantCulture)).FirstOrDefault();

    /// <summary>This process's group of either version and those that enclose it; inside a container the outermost is the container's.</summary>
    private static IEnumerable<string> ControlGroupFolders()
    {
        if (!File.Exists("/proc/self/cgroup"))
        {
            yield break;
        }

        foreach (var line in File.ReadAllLines("/proc/self/cgroup"))
        {
            if (line.Split(':', 3) is not [_, var controllers, var group] || !(controllers.Length == 0 || controllers.Split(',').Contains("memory")))
            {
                continue;
            }

            var root = controllers.Length == 0 ? ControlGroups : Path.Combine(ControlGroups, "memory");
            for (var path = group.Trim('/'); path.Length > 0; path = Path.GetDirectoryName(path) ?? "")
            {
                yield return Path.Combine(root, path);
            }

            yield return root;
        }
    }

    /// <summary>Null where there is no such file, or no limit in it.</summary>
    private static long? Number(string file) =>
        File.Exists(file) && long.TryParse(File.ReadAllText(file), NumberStyles.None | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var bytes) ? bytes : null;

    private static long? KiloBytes(string file, string name) =>
        File.Exists(file) && File.ReadLines(file).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal)) is { } line
            ? long.Parse(line.AsSpan(name.Length).TrimEnd(" kB"), NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture) * 1024
            : null;
}
