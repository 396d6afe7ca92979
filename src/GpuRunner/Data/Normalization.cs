using ReidCloud.Specs;

namespace ReidCloud.GpuRunner.Data;

/// <summary>
/// Turns interleaved bytes into the planes that networks see: divided by 255, less a mean, by a standard deviation, each step in single precision as torchvision's ToTensor and Normalize do.
/// (AlignedReID's code has double precision in between: the last bit can differ.)
/// </summary>
public sealed class Normalization(InputSpec input)
{
    public const int Channels = 3;

    private readonly float[][] _levels =
    [
        Levels(input.Mean.Red, input.Deviation.Red),
        Levels(input.Mean.Green, input.Deviation.Green),
        Levels(input.Mean.Blue, input.Deviation.Blue),
    ];

    /// <summary>What the bytes 0 … 255 become in one channel (red, green, blue).</summary>
    public ReadOnlySpan<float> Of(int channel) => _levels[channel];

    /// <summary>Writes all red values, then all green, then all blue.</summary>
    public void Apply(ReadOnlySpan<byte> rgb, Span<float> planes)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(planes.Length, rgb.Length, nameof(planes));
        ArgumentOutOfRangeException.ThrowIfNotEqual(rgb.Length % Channels, 0, nameof(rgb));
        var pixels = rgb.Length / Channels;
        var red = planes[..pixels];
        var green = planes.Slice(pixels, pixels);
        var blue = planes[(2 * pixels)..];
        var (reds, greens, blues) = (_levels[0], _levels[1], _levels[2]);
        for (var i = 0; i < pixels; i++)
        {
            red[i] = reds[rgb[Channels * i]];
            green[i] = greens[rgb[(Channels * i) + 1]];
            blue[i] = blues[rgb[(Channels * i) + 2]];
        }
    }

    private static float[] Levels(double mean, double deviation)
    {
        var levels = new float[byte.MaxValue + 1];
        for (var value = 0; value < levels.Length; value++)
        {
            levels[value] = ((value / 255f) - (float)mean) / (float)deviation;
        }

        return levels;
    }
}
