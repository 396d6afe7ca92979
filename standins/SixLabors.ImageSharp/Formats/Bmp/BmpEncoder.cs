using System.Buffers.Binary;
using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp.Formats.Bmp;

/// <summary>Writes an uncompressed bitmap with 24 (the default) or 32 bits a pixel, or 8 bits of grey for L8.</summary>
public sealed class BmpEncoder : QuantizingImageEncoder
{
    private const int HeaderBytes = 14 + 40;

    public BmpBitsPerPixel? BitsPerPixel { get; init; }

    protected override void Encode<TPixel>(Image<TPixel> image, Stream stream, CancellationToken cancellationToken)
    {
        var bits = BitsPerPixel ?? BmpBitsPerPixel.Pixel24;
        var isGrey = bits == BmpBitsPerPixel.Pixel8 && typeof(TPixel) == typeof(L8);
        if (!isGrey && bits is not (BmpBitsPerPixel.Pixel24 or BmpBitsPerPixel.Pixel32))
        {
            throw new NotSupportedException(
                $"This substitute writes no bitmaps with {bits} of {typeof(TPixel).Name}; the package SixLabors.ImageSharp does.");
        }

        var paletteBytes = isGrey ? 1024 : 0;
        var row = new byte[checked((int)((((long)image.Width * (int)bits) + 31) / 32 * 4))];
        var imageBytes = checked(row.Length * image.Height);
        Span<byte> header = stackalloc byte[HeaderBytes];
        header.Clear();
        "BM"u8.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header[2..], HeaderBytes + paletteBytes + imageBytes);
        BinaryPrimitives.WriteInt32LittleEndian(header[10..], HeaderBytes + paletteBytes);
        BinaryPrimitives.WriteInt32LittleEndian(header[14..], 40);
        BinaryPrimitives.WriteInt32LittleEndian(header[18..], image.Width);
        BinaryPrimitives.WriteInt32LittleEndian(header[22..], image.Height);
        BinaryPrimitives.WriteInt16LittleEndian(header[26..], 1);
        BinaryPrimitives.WriteInt16LittleEndian(header[28..], (short)bits);
        BinaryPrimitives.WriteInt32LittleEndian(header[34..], imageBytes);
        stream.Write(header);
        for (var grey = 0; grey < paletteBytes / 4; grey++)
        {
            stream.Write([(byte)grey, (byte)grey, (byte)grey, 0]);
        }

        var rgba = new Rgba32[image.Width];
        for (var y = image.Height - 1; y >= 0; y--)
        {
            PixelBuffer.ToRgba<TPixel>(image.Pixels.Slice(y * image.Width, image.Width), rgba);
            Pack(rgba, (int)bits / 8, row);
            stream.Write(row);
        }
    }

    private static void Pack(ReadOnlySpan<Rgba32> pixels, int pixelBytes, Span<byte> row)
    {
        for (var x = 0; x < pixels.Length; x++)
        {
            var target = row.Slice(x * pixelBytes, pixelBytes);
            target[0] = pixels[x].B;
            if (pixelBytes > 1)
            {
                (target[1], target[2]) = (pixels[x].G, pixels[x].R);
            }

            if (pixelBytes > 3)
            {
                target[3] = pixels[x].A;
            }
        }
    }
}
