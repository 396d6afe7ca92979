namespace ReidCloud.GpuRunner;

/// <summary>What this process's threads are at, as far as the system tells: names and states, no stacks.</summary>
internal static class ProcessThreads
{
    private const string Tasks = "/proc/self/task";

    /// <summary>One line a name and state: how many there are.</summary>
    public static IEnumerable<string> Describe() => Directory.Exists(Tasks)
        ? Directory.GetDirectories(Tasks).Select(Line).OfType<string>().CountBy(line => line).OrderBy(line => line.Key, StringComparer.Ordinal).Select(line => $"{line.Value} × {line.Key}")
        : [];

    private static string? Line(string task)
    {
        try
        {
            // The name stands in parentheses and may hold anything; the state follows.
            var stat = File.ReadAllText(Path.Combine(task, "stat"));
            var (open, close) = (stat.IndexOf('('), stat.LastIndexOf(')'));
            return $"thread '{stat[(open + 1)..close]}': {State(stat[close + 2])}";
        }
        catch (IOException)
        {
            // It ended meanwhile.
            return null;
        }
    }

    private static string State(char letter) => letter switch
    {
        'R' => "running",
        'S' => "waiting",
        'D' => "waiting for a device",
        'T' or 't' => "stopped",
        _ => $"{letter}",
    };
}
