namespace ReidCloud.GpuRunner.Data;

/// <summary>
/// Turns interleaved bytes into the planes that networks see: divided by 255, less ImageNet's mean, by its standard deviation, each step in
/// single precision as torchvision's ToTensor and Normalize do.
/// </summary>
public static class Normalization
{
    public const int Channels = 3;

    public static ReadOnlySpan<float> Mean => [0.485f, 0.456f, 0.406f];

    public static ReadOnlySpan<float> Deviation => [0.229f, 0.224f, 0.225f];

    private static readonly float[][] Levels = [MakeLevels(0), MakeLevels(1), MakeLevels(2)];

    /// <summary>What the bytes 0 … 255 become in one channel (red, green, blue).</summary>
    public static ReadOnlySpan<float> Of(int channel) => Levels[channel];

    /// <summary>Writes all red values, then all green, then all blue.</summary>
    public static void Apply(ReadOnlySpan<byte> rgb, Span<float> planes)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(planes.Length, rgb.Length, nameof(planes));
        ArgumentOutOfRangeException.ThrowIfNotEqual(rgb.Length % Channels, 0, nameof(rgb));
        var pixels = rgb.Length / Channels;
        var red = planes[..pixels];
        var green = planes.Slice(pixels, pixels);
        var blue = planes[(2 * pixels)..];
        var (reds, greens, blues) = (Levels[0], Levels[1], Levels[2]);
        for (var i = 0; i < pixels; i++)
        {
            red[i] = reds[rgb[Channels * i]];
            green[i] = greens[rgb[(Channels * i) + 1]];
            blue[i] = blues[rgb[(Channels * i) + 2]];
        }
    }

    private static float[] MakeLevels(int channel)
    {
        var levels = new float[byte.MaxValue + 1];
        for (var value = 0; value < levels.Length; value++)
        {
            levels[value] = ((value / 255f) - Mean[channel]) / Deviation[channel];
        }

        return levels;
    }
}
