using ReidCloud.GpuRunner.Data;

namespace ReidCloud.GpuRunner.Insights;

/// <summary>Some of many, from all over.</summary>
internal static class Evenly
{
    /// <summary>Of the places 0 … <paramref name="count"/> − 1 at most so many, at equal distances, ascending.</summary>
    public static int[] Places(int count, int most) =>
        count <= most ? [.. Enumerable.Range(0, count)] : [.. Enumerable.Range(0, most).Select(i => (int)((long)i * count / most))];

    /// <summary>Of equal parts of them one of each by chance: a data set that goes camera after camera is not met at the same one every time.</summary>
    public static int[] Drawn(int count, int most, RandomStream random)
    {
        var parts = Math.Min(count, most);
        return
        [
            .. Enumerable.Range(0, parts).Select(part =>
            {
                var (from, to) = ((int)((long)part * count / parts), (int)((part + 1L) * count / parts));
                return from + random.NextInt(to - from);
            }),
        ];
    }
}
