using System.Globalization;
using System.Runtime.Intrinsics.X86;
using ReidCloud.Cli.Progress;

namespace ReidCloud.Cli.Checkup;

/// <summary>Processor, memory, disk.</summary>
internal static class MachineChecks
{
    /// <summary>Azurite's installation, the build and a demonstration together take about 2 GB.</summary>
    private const long EnoughDisk = 4L << 30;

    /// <summary>The demonstration's largest process peaks below that.</summary>
    private const long EnoughMemory = 3L << 30;

    private const string ProcessorFile = "/proc/cpuinfo";

    public static Check Processor()
    {
        var model = File.Exists(ProcessorFile)
            ? File.ReadLines(ProcessorFile).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim()
            : null;
        var vectors = Avx512F.IsSupported ? ", AVX-512" : Avx2.IsSupported ? ", AVX2" : "";
        var found = string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} × {model ?? "unknown model"}{vectors}");
        return Environment.ProcessorCount > 1
            ? new Check("processor", Verdict.Ok, found)
            : new Check("processor", Verdict.Warning, found, "training is slow on one processor: give the machine two or more");
    }

    public static Check Memory()
    {
        var bytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        return bytes >= EnoughMemory
            ? new Check("memory", Verdict.Ok, Words.Bytes(bytes))
            : new Check("memory", Verdict.Warning, Words.Bytes(bytes), $"the demonstration wants {Words.Bytes(EnoughMemory)}");
    }

    public static Check Disk(Workplace place)
    {
        var free = new DriveInfo(place.Root).AvailableFreeSpace;
        var found = $"{Words.Bytes(free)} free at {place.Root}";
        return free >= EnoughDisk
            ? new Check("disk", Verdict.Ok, found)
            : new Check("disk", Verdict.Warning, found, $"make room: {Words.Bytes(EnoughDisk)} is comfortable; .reid/storage and .reid/cache may be deleted while nothing runs");
    }
}
