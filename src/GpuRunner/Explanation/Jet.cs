namespace ReidCloud.GpuRunner.Explanation;

/// <summary>
/// The color map "jet" as matplotlib has it, in 256 steps: dark blue, cyan, yellow, red, dark red. OpenCV's of the same name is Matlab's, whose corners lie
/// at eighths; VKD (spec §10) only says jet.
/// </summary>
internal static class Jet
{
    public const int Steps = 256;

    /// <summary>Position and intensity of each channel's corners: matplotlib `_cm.py`, `_jet_data`.</summary>
    private static readonly (double At, double Value)[][] Corners =
    [
        [(0, 0), (0.35, 0), (0.66, 1), (0.89, 1), (1, 0.5)],
        [(0, 0), (0.125, 0), (0.375, 1), (0.64, 1), (0.91, 0), (1, 0)],
        [(0, 0.5), (0.11, 1), (0.34, 1), (0.65, 0), (1, 0)],
    ];

    private static readonly (float Red, float Green, float Blue)[] Colors =
        [.. Enumerable.Range(0, Steps).Select(step => (Channel(0, step), Channel(1, step), Channel(2, step)))];

    /// <summary>Red, green and blue in [0, 1] of a value in [0, 1].</summary>
    public static (float Red, float Green, float Blue) Of(float value) => Colors[Math.Clamp((int)(value * Steps), 0, Steps - 1)];

    private static float Channel(int channel, int step)
    {
        var (at, corners) = (step / (Steps - 1.0), Corners[channel]);
        var right = Array.FindIndex(corners, 1, corner => at <= corner.At);
        var ((from, low), (to, high)) = (corners[right - 1], corners[right]);
        return (float)(low + ((at - from) / (to - from) * (high - low)));
    }
}
