using System.Buffers.Binary;
using System.IO.Compression;
using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp.Formats.Png;

/// <summary>Writes PNG with 8 bits a sample: grey for L8, RGBA for Rgba32, else RGB, unless told otherwise.</summary>
public class PngEncoder : QuantizingImageEncoder
{
    public PngColorType? ColorType { get; init; }

    public PngCompressionLevel CompressionLevel { get; init; } = PngCompressionLevel.DefaultCompression;

    protected override void Encode<TPixel>(Image<TPixel> image, Stream stream, CancellationToken cancellationToken)
    {
        var color = ColorType
            ?? (typeof(TPixel) == typeof(L8) ? PngColorType.Grayscale
                : typeof(TPixel) == typeof(Rgba32) ? PngColorType.RgbWithAlpha
                : PngColorType.Rgb);
        if (color == PngColorType.Palette)
        {
            throw new NotSupportedException("This substitute writes no palettes; the package SixLabors.ImageSharp does.");
        }

        var header = new PngHeader(image.Width, image.Height, 8, color, Interlaced: false);
        Span<byte> ihdr = stackalloc byte[13];
        ihdr.Clear();
        BinaryPrimitives.WriteInt32BigEndian(ihdr, image.Width);
        BinaryPrimitives.WriteInt32BigEndian(ihdr[4..], image.Height);
        (ihdr[8], ihdr[9]) = (8, (byte)color);

        stream.Write(PngReader.Signature);
        WriteChunk(stream, "IHDR"u8, ihdr);
        WriteChunk(stream, "IDAT"u8, Deflate(image, header));
        WriteChunk(stream, "IEND"u8, []);
    }

    private ReadOnlySpan<byte> Deflate<TPixel>(Image<TPixel> image, PngHeader header)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        var data = new MemoryStream();
        using (var deflate = new ZLibStream(data, new ZLibCompressionOptions { CompressionLevel = (int)CompressionLevel }, leaveOpen: true))
        {
            var rowBytes = header.RowBytes(image.Width);
            var rgba = new Rgba32[image.Width];
            var (row, above) = (new byte[rowBytes], new byte[rowBytes]);
            var (best, trial) = (new byte[rowBytes], new byte[rowBytes]);
            for (var y = 0; y < image.Height; y++)
            {
                PixelBuffer.ToRgba<TPixel>(image.Pixels.Slice(y * image.Width, image.Width), rgba);
                Pack(rgba, header.Color, row);
                deflate.WriteByte((byte)BestFilter(row, above, header.Channels, ref best, ref trial));
                deflate.Write(best);
                (row, above) = (above, row);
            }
        }

        return data.GetBuffer().AsSpan(0, (int)data.Length);
    }

    /// <summary>The usual heuristic: the filter whose differences, read as signed, have the smallest sum of magnitudes.</summary>
    private static int BestFilter(byte[] row, byte[] above, int pixelBytes, ref byte[] best, ref byte[] trial)
    {
        var (chosen, least) = (0, long.MaxValue);
        for (var filter = 0; filter < PngFilter.Count; filter++)
        {
            PngFilter.Apply(filter, row, above, pixelBytes, trial);
            long sum = 0;
            foreach (var value in trial)
            {
                sum += Math.Abs((int)(sbyte)value);
            }

            if (sum < least)
            {
                (chosen, least) = (filter, sum);
                (best, trial) = (trial, best);
            }
        }

        return chosen;
    }

    private static void Pack(ReadOnlySpan<Rgba32> pixels, PngColorType color, Span<byte> row)
    {
        var at = 0;
        foreach (var pixel in pixels)
        {
            if (color is PngColorType.Grayscale or PngColorType.GrayscaleWithAlpha)
            {
                L8 grey = default;
                grey.FromRgba32(pixel);
                row[at++] = grey.PackedValue;
            }
            else
            {
                row[at++] = pixel.R;
                row[at++] = pixel.G;
                row[at++] = pixel.B;
            }

            if (color is PngColorType.GrayscaleWithAlpha or PngColorType.RgbWithAlpha)
            {
                row[at++] = pixel.A;
            }
        }
    }

    private static void WriteChunk(Stream stream, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        var typed = new byte[type.Length + data.Length];
        type.CopyTo(typed);
        data.CopyTo(typed.AsSpan(type.Length));
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        stream.Write(number);
        stream.Write(typed);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32.Compute(typed));
        stream.Write(number);
    }
}
