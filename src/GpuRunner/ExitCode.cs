namespace ReidCloud.GpuRunner;

/// <summary>What the program's end says to who started it.</summary>
internal static class ExitCode
{
    /// <summary>Done, or stopped as asked.</summary>
    public const int Done = 0;

    /// <summary>A fault of this program.</summary>
    public const int Fault = 1;

    /// <summary>Wrong usage or options.</summary>
    public const int WrongUsage = 2;

    /// <summary>It ended itself because its run did not go on.</summary>
    public const int Hung = 3;

    /// <summary>A run failed in a way that may have harmed the process itself: leaked memory, a device in an error state, a full disk.</summary>
    public const int Worn = 4;

    /// <summary>A second signal ended it.</summary>
    public const int EndedAtOnce = 130;
}
