using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using ReidCloud.Specs;

namespace ReidCloud.GpuRunner.Data;

/// <summary>
/// Turns interleaved bytes into the planes that networks see: divided by 255, less a mean, by a standard deviation, each step in single precision as torchvision's ToTensor and Normalize do.
/// (AlignedReID's code has double precision in between: the last bit can differ.)
/// </summary>
public sealed class Normalization(InputSpec input)
{
    public const int Channels = 3;

    private const int Lanes = 8;

    /// <summary>Where a shuffle has this, there is a zero.</summary>
    private const byte No = byte.MaxValue;

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
        Apply(rgb, planes[..pixels], planes.Slice(pixels, pixels), planes[(2 * pixels)..]);
    }

    /// <summary>Writes the values of neighboring pixels, eight at a time; the last ones overlap those before. The divisions are those that made the table: the bits are the same.</summary>
    internal void Apply(ReadOnlySpan<byte> rgb, Span<float> red, Span<float> green, Span<float> blue)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(rgb.Length, red.Length * Channels, nameof(rgb));
        ArgumentOutOfRangeException.ThrowIfNotEqual(green.Length, red.Length, nameof(green));
        ArgumentOutOfRangeException.ThrowIfNotEqual(blue.Length, red.Length, nameof(blue));
        var last = red.Length - Lanes;
        if (last < 0)
        {
            ApplyToFew(rgb, red, green, blue);
            return;
        }

        ref var from = ref MemoryMarshal.GetReference(rgb);
        ref var toRed = ref MemoryMarshal.GetReference(red);
        ref var toGreen = ref MemoryMarshal.GetReference(green);
        ref var toBlue = ref MemoryMarshal.GetReference(blue);
        for (var pixel = 0; ; pixel = Math.Min(pixel + Lanes, last))
        {
            // Eight pixels are 24 bytes: four in the first 12 of the first 16, four in the last 12 of the last 16.
            var at = (nuint)(pixel * Channels);
            var (first, second) = (Vector128.LoadUnsafe(ref from, at), Vector128.LoadUnsafe(ref from, at + 8));
            Normalized(
                Vector128.Shuffle(first, Vector128.Create(0, No, No, No, 3, No, No, No, 6, No, No, No, 9, No, No, No)),
                Vector128.Shuffle(second, Vector128.Create(4, No, No, No, 7, No, No, No, 10, No, No, No, 13, No, No, No)),
                input.Mean.Red,
                input.Deviation.Red).StoreUnsafe(ref toRed, (nuint)pixel);
            Normalized(
                Vector128.Shuffle(first, Vector128.Create(1, No, No, No, 4, No, No, No, 7, No, No, No, 10, No, No, No)),
                Vector128.Shuffle(second, Vector128.Create(5, No, No, No, 8, No, No, No, 11, No, No, No, 14, No, No, No)),
                input.Mean.Green,
                input.Deviation.Green).StoreUnsafe(ref toGreen, (nuint)pixel);
            Normalized(
                Vector128.Shuffle(first, Vector128.Create(2, No, No, No, 5, No, No, No, 8, No, No, No, 11, No, No, No)),
                Vector128.Shuffle(second, Vector128.Create(6, No, No, No, 9, No, No, No, 12, No, No, No, 15, No, No, No)),
                input.Mean.Blue,
                input.Deviation.Blue).StoreUnsafe(ref toBlue, (nuint)pixel);
            if (pixel == last)
            {
                return;
            }
        }
    }

    private void ApplyToFew(ReadOnlySpan<byte> rgb, Span<float> red, Span<float> green, Span<float> blue)
    {
        for (var pixel = 0; pixel < red.Length; pixel++)
        {
            red[pixel] = _levels[0][rgb[Channels * pixel]];
            green[pixel] = _levels[1][rgb[(Channels * pixel) + 1]];
            blue[pixel] = _levels[2][rgb[(Channels * pixel) + 2]];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Normalized(Vector128<byte> first, Vector128<byte> second, double mean, double deviation) =>
        ((Vector256.ConvertToSingle(Vector256.Create(first, second).AsInt32()) / byte.MaxValue) - Vector256.Create((float)mean)) / (float)deviation;

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
