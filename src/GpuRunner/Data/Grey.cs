namespace ReidCloud.GpuRunner.Data;

/// <summary>What remains of colors when they are taken away: Pillow's mode L, (19595 red + 38470 green + 7471 blue) / 2^16 rounded, the same in all channels.</summary>
internal static class Grey
{
    public const int Red = 19595;
    public const int Green = 38470;
    public const int Blue = 7471;
    public const int Whole = 1 << 16;
    public const int Half = Whole / 2;

    /// <summary>As many interleaved bytes as were given.</summary>
    public static ReadOnlySpan<byte> Of(ReadOnlySpan<byte> rgb, Span<byte> grey)
    {
        for (var at = 0; at < rgb.Length; at += Normalization.Channels)
        {
            grey.Slice(at, Normalization.Channels).Fill((byte)(((rgb[at] * Red) + (rgb[at + 1] * Green) + (rgb[at + 2] * Blue) + Half) / Whole));
        }

        return grey[..rgb.Length];
    }
}
