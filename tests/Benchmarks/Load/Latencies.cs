using System.Collections.Concurrent;
using System.Globalization;

namespace ReidCloud.Benchmarks.Load;

/// <summary>How long each of many requests took.</summary>
internal sealed class Latencies
{
    private readonly ConcurrentBag<TimeSpan> _taken = [];

    public int Count => _taken.Count;

    public void Add(TimeSpan taken) => _taken.Add(taken);

    public override string ToString()
    {
        var sorted = _taken.Order().ToArray();
        return sorted.Length == 0 ? "none" : string.Create(
            CultureInfo.InvariantCulture,
            $"p50 {At(0.5):F0} ms, p99 {At(0.99):F0} ms, longest {sorted[^1].TotalMilliseconds:F0} ms of {sorted.Length}");

        double At(double share) => sorted[(int)(share * (sorted.Length - 1))].TotalMilliseconds;
    }
}
