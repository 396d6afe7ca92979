using System.Buffers.Binary;
using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp.Formats.Png;

/// <summary>Turns the bytes of one row into pixels, for every color type and bit depth.</summary>
internal static class PngSamples
{
    public static void Expand(PngChunks png, ReadOnlySpan<byte> row, Span<Rgba32> pixels)
    {
        var header = png.Header;
        Span<int> sample = stackalloc int[4];
        for (var x = 0; x < pixels.Length; x++)
        {
            for (var c = 0; c < header.Channels; c++)
            {
                sample[c] = Sample(row, (x * header.Channels) + c, header.BitDepth);
            }

            pixels[x] = header.Color == PngColorType.Palette ? FromPalette(png.Palette, sample[0]) : Pixel(png, sample[..header.Channels]);
        }
    }

    private static int Sample(ReadOnlySpan<byte> row, int index, int bits)
    {
        if (bits == 8)
        {
            return row[index];
        }

        if (bits == 16)
        {
            return BinaryPrimitives.ReadUInt16BigEndian(row[(2 * index)..]);
        }

        var bit = index * bits;
        return (row[bit >> 3] >> (8 - bits - (bit & 7))) & ((1 << bits) - 1);
    }

    private static Rgba32 FromPalette(Rgba32[] palette, int index) => index < palette.Length
        ? palette[index]
        : throw new InvalidImageContentException($"The PNG names color {index} of a palette of {palette.Length}.");

    private static Rgba32 Pixel(PngChunks png, ReadOnlySpan<int> sample)
    {
        var bits = png.Header.BitDepth;
        var alpha = sample.SequenceEqual(png.Transparent) ? (byte)0 : byte.MaxValue;
        return png.Header.Color switch
        {
            PngColorType.Grayscale => Grey(ToByte(sample[0], bits), alpha),
            PngColorType.GrayscaleWithAlpha => Grey(ToByte(sample[0], bits), ToByte(sample[1], bits)),
            PngColorType.Rgb => new Rgba32(ToByte(sample[0], bits), ToByte(sample[1], bits), ToByte(sample[2], bits), alpha),
            _ => new Rgba32(ToByte(sample[0], bits), ToByte(sample[1], bits), ToByte(sample[2], bits), ToByte(sample[3], bits)),
        };
    }

    private static Rgba32 Grey(byte value, byte alpha) => new(value, value, value, alpha);

    /// <summary>Spreads 1, 2 and 4 bits over 0 to 255; 16 bits are rounded to the nearest of 8, as in the real library.</summary>
    private static byte ToByte(int sample, int bits) => bits switch
    {
        8 => (byte)sample,
        16 => (byte)(((sample * 255) + 32895) >> 16),
        _ => (byte)(sample * 255 / ((1 << bits) - 1)),
    };
}
