using System.IO.Compression;
using System.Runtime.InteropServices;
using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp.Formats.Png;

/// <summary>PNG of every color type, bit depth and interlacing. Inflates no more than the header's dimensions ask for.</summary>
internal static class PngReader
{
    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Where the seven passes of Adam7 start and how far apart their pixels are: PNG specification §8.2.</summary>
    private static readonly (int X, int Y, int StepX, int StepY)[] Adam7 =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    public static ImageInfo Identify(ReadOnlySpan<byte> png)
    {
        var header = PngChunks.ReadHeader(png);
        return new ImageInfo(header.Width, header.Height);
    }

    public static Image<TPixel> Decode<TPixel>(Configuration configuration, ReadOnlySpan<byte> bytes)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        var png = PngChunks.Read(bytes);
        var header = png.Header;
        var pixels = PixelBuffer.Rent<TPixel>(header.Width, header.Height, clean: false);
        using var inflated = new ZLibStream(png.Data, CompressionMode.Decompress);
        try
        {
            foreach (var pass in header.Interlaced ? Adam7 : [(0, 0, 1, 1)])
            {
                ReadPass(png, inflated, pass, pixels);
            }
        }
        catch (Exception e) when (e is EndOfStreamException or InvalidDataException)
        {
            throw new InvalidImageContentException($"The PNG's compressed data is damaged or ends early: {e.Message}", e);
        }

        return new Image<TPixel>(configuration, header.Width, header.Height, pixels);
    }

    private static void ReadPass<TPixel>(PngChunks png, Stream inflated, (int X, int Y, int StepX, int StepY) pass, TPixel[] pixels)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        var header = png.Header;
        var width = (header.Width - pass.X + pass.StepX - 1) / pass.StepX;
        if (width <= 0)
        {
            return;
        }

        var rowBytes = header.RowBytes(width);
        var pixelBytes = Math.Max(1, header.Channels * header.BitDepth / 8);
        var (row, above) = (new byte[rowBytes], new byte[rowBytes]);
        var isPlainRgb = header is { Color: PngColorType.Rgb, BitDepth: 8 } && png.Transparent.Length == 0 && pass.StepX == 1;
        var rgba = isPlainRgb ? [] : new Rgba32[width];
        var converted = pass.StepX == 1 ? [] : new TPixel[width];
        Span<byte> filter = stackalloc byte[1];
        for (var y = pass.Y; y < header.Height; y += pass.StepY)
        {
            inflated.ReadExactly(filter);
            inflated.ReadExactly(row);
            PngFilter.Undo(filter[0], row, above, pixelBytes);
            var target = pixels.AsSpan(y * header.Width, header.Width);
            if (isPlainRgb)
            {
                PixelBuffer.Convert(MemoryMarshal.Cast<byte, Rgb24>(row), target);
            }
            else
            {
                PngSamples.Expand(png, row, rgba);
                PixelBuffer.Convert<TPixel>(rgba, pass.StepX == 1 ? target : converted);
            }

            for (var x = 0; x < converted.Length; x++)
            {
                target[pass.X + (x * pass.StepX)] = converted[x];
            }

            (row, above) = (above, row);
        }
    }
}
