using System.Runtime.InteropServices;
using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp.Formats.Jpeg;

/// <summary>JPEG by libjpeg-turbo: baseline, progressive, grey, CMYK and YCCK. The orientation in EXIF is not applied.</summary>
internal static class JpegReader
{
    public static ImageInfo Identify(ReadOnlySpan<byte> jpeg)
    {
        var frame = JpegFrame.Read(jpeg);
        return new ImageInfo(frame.Width, frame.Height);
    }

    public static Image<TPixel> Decode<TPixel>(Configuration configuration, ReadOnlySpan<byte> jpeg)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        var frame = JpegFrame.Read(jpeg);
        var rgb = frame.Components switch
        {
            1 or 3 => Rgb(frame, jpeg),
            4 => Cmyk(frame, jpeg),
            _ => throw new NotSupportedException($"Images with {frame.Components} components are not supported."),
        };
        if (rgb is TPixel[] same)
        {
            return new Image<TPixel>(configuration, frame.Width, frame.Height, same);
        }

        var pixels = PixelBuffer.Rent<TPixel>(frame.Width, frame.Height, clean: false);
        PixelBuffer.Convert<TPixel>(rgb.AsSpan(0, frame.Width * frame.Height), pixels);
        PixelBuffer.Return(rgb);
        return new Image<TPixel>(configuration, frame.Width, frame.Height, pixels);
    }

    private static Rgb24[] Rgb(JpegFrame frame, ReadOnlySpan<byte> jpeg)
    {
        var pixels = PixelBuffer.Rent<Rgb24>(frame.Width, frame.Height, clean: false);
        Check(TurboJpeg.DecompressRgb(jpeg, MemoryMarshal.AsBytes(pixels.AsSpan(0, frame.Width * frame.Height)), frame.Width, frame.Height), jpeg);
        return pixels;
    }

    /// <summary>The inks are stored inverted, as Adobe's programs do and the real library assumes: 255 is no ink.</summary>
    private static Rgb24[] Cmyk(JpegFrame frame, ReadOnlySpan<byte> jpeg)
    {
        var count = frame.Width * frame.Height;
        var inks = PixelBuffer.Rent<Rgba32>(frame.Width, frame.Height, clean: false);
        Check(TurboJpeg.DecompressCmyk(jpeg, MemoryMarshal.AsBytes(inks.AsSpan(0, count)), frame.Width, frame.Height), jpeg);
        var pixels = PixelBuffer.Rent<Rgb24>(frame.Width, frame.Height, clean: false);
        for (var i = 0; i < count; i++)
        {
            var (c, m, y, k) = (inks[i].R, inks[i].G, inks[i].B, inks[i].A);
            pixels[i] = new Rgb24(Product(c, k), Product(m, k), Product(y, k));
        }

        PixelBuffer.Return(inks);
        return pixels;
    }

    private static byte Product(byte ink, byte black) => (byte)(((ink * black) + 127) / 255);

    /// <summary>libjpeg fills what is missing with grey and warns; any other warning is about damage that it got over.</summary>
    private static void Check(string? warning, ReadOnlySpan<byte> jpeg)
    {
        if (warning is not null && !JpegFrame.IsComplete(jpeg))
        {
            throw new InvalidImageContentException($"The JPEG data ends early: {warning}");
        }
    }
}
