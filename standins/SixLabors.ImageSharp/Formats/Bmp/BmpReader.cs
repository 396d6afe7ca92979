using System.Buffers.Binary;
using System.Numerics;
using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp.Formats.Bmp;

/// <summary>Uncompressed bitmaps: 1, 4 and 8 bits with a palette; 16, 24 and 32 bits, with or without bit masks; either way up.</summary>
internal static class BmpReader
{
    public static ImageInfo Identify(ReadOnlySpan<byte> bmp)
    {
        var header = BmpHeader.Parse(bmp);
        return new ImageInfo(header.Width, header.Height);
    }

    public static Image<TPixel> Decode<TPixel>(Configuration configuration, ReadOnlySpan<byte> bmp)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        var header = BmpHeader.Parse(bmp);
        if (header.Compression is not (BmpHeader.Rgb or BmpHeader.BitFields)
            || header.Bits is not (1 or 2 or 4 or 8 or 16 or 24 or 32)
            || (header.Compression == BmpHeader.BitFields && header.Bits is not (16 or 32)))
        {
            throw new NotSupportedException(
                $"This substitute reads no bitmaps with compression {header.Compression} and {header.Bits} bits a pixel; "
                + "the package SixLabors.ImageSharp reads more. Save the image as PNG.");
        }

        if (header.PixelOffset < BmpHeader.FileBytes + header.InfoBytes
            || header.PixelOffset + ((long)header.RowBytes * header.Height) > bmp.Length)
        {
            throw new InvalidImageContentException("Could not read enough data for a pixel row!");
        }

        var pixels = PixelBuffer.Rent<TPixel>(header.Width, header.Height, clean: false);
        var palette = header.Bits <= 8 ? Palette(header, bmp) : [];
        var masks = header.Bits is 16 or 32 ? Masks(header, bmp) : [];
        var hasAlpha = header.Bits == 32 && (header.InfoBytes > 40 || AnyAlpha(header, bmp));
        var rgba = new Rgba32[header.Width];
        for (var y = 0; y < header.Height; y++)
        {
            var row = bmp.Slice(header.PixelOffset + (y * header.RowBytes), header.RowBytes);
            if (header.Bits <= 8)
            {
                FromPalette(row, header.Bits, palette, rgba);
            }
            else if (header.Bits == 24)
            {
                From24(row, rgba);
            }
            else
            {
                FromMasks(row, header.Bits, masks, hasAlpha, rgba);
            }

            var target = header.TopDown ? y : header.Height - 1 - y;
            PixelBuffer.Convert<TPixel>(rgba, pixels.AsSpan(target * header.Width, header.Width));
        }

        return new Image<TPixel>(configuration, header.Width, header.Height, pixels);
    }

    private static Rgba32[] Palette(BmpHeader header, ReadOnlySpan<byte> bmp)
    {
        var start = BmpHeader.FileBytes + header.InfoBytes;
        var room = (header.PixelOffset - start) / header.PaletteEntryBytes;
        var colors = Math.Min(header.Colors is > 0 and <= 256 ? header.Colors : 1 << header.Bits, room);
        var palette = new Rgba32[colors];
        for (var i = 0; i < colors; i++)
        {
            var entry = bmp.Slice(start + (i * header.PaletteEntryBytes), 3);
            palette[i] = new Rgba32(entry[2], entry[1], entry[0]);
        }

        return palette;
    }

    private static void FromPalette(ReadOnlySpan<byte> row, int bits, Rgba32[] palette, Span<Rgba32> pixels)
    {
        for (var x = 0; x < pixels.Length; x++)
        {
            var bit = x * bits;
            var index = (row[bit >> 3] >> (8 - bits - (bit & 7))) & ((1 << bits) - 1);
            pixels[x] = index < palette.Length
                ? palette[index]
                : throw new InvalidImageContentException($"The bitmap names color {index} of a palette of {palette.Length}.");
        }
    }

    private static void From24(ReadOnlySpan<byte> row, Span<Rgba32> pixels)
    {
        for (var x = 0; x < pixels.Length; x++)
        {
            pixels[x] = new Rgba32(row[(3 * x) + 2], row[(3 * x) + 1], row[3 * x]);
        }
    }

    /// <summary>Where red, green and blue are: by default 5 bits each of 16, or 8 bits each of 32.</summary>
    private static uint[] Masks(BmpHeader header, ReadOnlySpan<byte> bmp)
    {
        if (header.Compression == BmpHeader.Rgb)
        {
            return header.Bits == 16 ? [0x7C00, 0x03E0, 0x001F] : [0x00FF0000, 0x0000FF00, 0x000000FF];
        }

        const int AfterFields = BmpHeader.FileBytes + 40; // the masks are part of a longer header, or follow one of 40 bytes
        if (bmp.Length < AfterFields + 12)
        {
            throw new InvalidImageContentException("The bitmap ends within its color masks.");
        }

        var masks = new uint[3];
        for (var i = 0; i < masks.Length; i++)
        {
            masks[i] = BinaryPrimitives.ReadUInt32LittleEndian(bmp[(AfterFields + (4 * i))..]);
        }

        return masks;
    }

    private static void FromMasks(ReadOnlySpan<byte> row, int bits, uint[] masks, bool hasAlpha, Span<Rgba32> pixels)
    {
        for (var x = 0; x < pixels.Length; x++)
        {
            var value = bits == 16 ? BinaryPrimitives.ReadUInt16LittleEndian(row[(2 * x)..]) : BinaryPrimitives.ReadUInt32LittleEndian(row[(4 * x)..]);
            var alpha = hasAlpha ? row[(4 * x) + 3] : byte.MaxValue;
            pixels[x] = new Rgba32(Masked(value, masks[0]), Masked(value, masks[1]), Masked(value, masks[2]), alpha);
        }
    }

    private static byte Masked(uint value, uint mask)
    {
        if (mask == 0)
        {
            return 0;
        }

        var shift = BitOperations.TrailingZeroCount(mask);
        return (byte)((ulong)((value & mask) >> shift) * 255 / (mask >> shift));
    }

    /// <summary>Old 32-bit bitmaps leave the fourth byte zero: then it is padding, not alpha.</summary>
    private static bool AnyAlpha(BmpHeader header, ReadOnlySpan<byte> bmp)
    {
        for (var i = 3L; i < (long)header.RowBytes * header.Height; i += 4)
        {
            if (bmp[header.PixelOffset + (int)i] != 0)
            {
                return true;
            }
        }

        return false;
    }
}
