namespace ReidCloud.GpuRunner.Insights;

/// <summary>Some of many, at equal distances.</summary>
internal static class Evenly
{
    /// <summary>Of the places 0 … <paramref name="count"/> − 1 at most so many, ascending.</summary>
    public static int[] Places(int count, int most) =>
        count <= most ? [.. Enumerable.Range(0, count)] : [.. Enumerable.Range(0, most).Select(i => (int)((long)i * count / most))];
}
