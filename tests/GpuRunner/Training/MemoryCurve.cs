using System.Diagnostics;
using ReidCloud.GpuRunner;

namespace ReidCloud.Tests.GpuRunner.Training;

/// <summary>What this process held after so many steps: live tensors, resident memory, and the part of that which the garbage collector has.</summary>
internal sealed record MemorySample(int Step, long Tensors, long Bytes, long ManagedBytes)
{
    public long NativeBytes => Bytes - ManagedBytes;
}

/// <summary>How memory went. What lasts shows in the least of a part of the way; for a while libraries hold some megabytes more, and then give them back.</summary>
/// <param name="liveTensors">How many there are.</param>
internal sealed class MemoryCurve(Func<long> liveTensors)
{
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly List<MemorySample> _samples = [];

    public IReadOnlyList<MemorySample> Samples => _samples;

    /// <summary>
    /// Takes a sample when nothing is in the making any more: batches are, ahead of time, on other threads. What the allocator keeps goes back to the system first, since
    /// what a step leaves behind would lie in it unseen.
    /// </summary>
    public MemorySample Sample(int step)
    {
        GC.Collect();
        var begun = Stopwatch.GetTimestamp();
        var tensors = liveTensors();
        for (var since = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(since) < Quiet && Stopwatch.GetElapsedTime(begun) < Patience; Thread.Yield())
        {
            if (liveTensors() is var now && now != tensors)
            {
                (tensors, since) = (now, Stopwatch.GetTimestamp());
            }
        }

        KeptMemory.GiveBack();
        var sample = new MemorySample(step, tensors, ProcessMemory.Resident(), GC.GetGCMemoryInfo().TotalCommittedBytes);
        _samples.Add(sample);
        return sample;
    }

    /// <summary>The least of something in the samples from one part of the way to another: 0 is its beginning, 1 its end.</summary>
    public long Least(double from, double to, Func<MemorySample, long> bytes) =>
        _samples.Skip((int)(from * _samples.Count)).Take((int)((to - from) * _samples.Count)).Min(bytes);
}
