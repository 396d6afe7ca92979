using System.Runtime.InteropServices;
using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp.Formats.Jpeg;

/// <summary>libjpeg-turbo through its TurboJPEG interface, version 2.0 or later.</summary>
internal static unsafe partial class TurboJpeg
{
    private const string Library = "libturbojpeg.so.0";
    private const int LimitScans = 32768; // TJFLAG_LIMITSCANS: at most 500 scans, so that a small file cannot take hours
    private const int FormatRgb = 0;
    private const int FormatRgbx = 2;
    private const int FormatCmyk = 11;
    private const int ErrorIsWarning = 0;

    /// <summary>TurboJPEG's TJSAMP.</summary>
    public enum Sampling
    {
        Ratio444 = 0,
        Ratio422 = 1,
        Ratio420 = 2,
        Grey = 3,
        Ratio411 = 5,
    }

    /// <summary>Fills <paramref name="pixels"/> with red, green, blue. Returns libjpeg's first warning, null when it had none.</summary>
    public static string? DecompressRgb(ReadOnlySpan<byte> jpeg, Span<byte> pixels, int width, int height) =>
        Decompress(jpeg, pixels, width, height, FormatRgb, 3);

    /// <summary>Fills <paramref name="pixels"/> with the four inks as they are stored.</summary>
    public static string? DecompressCmyk(ReadOnlySpan<byte> jpeg, Span<byte> pixels, int width, int height) =>
        Decompress(jpeg, pixels, width, height, FormatCmyk, 4);

    public static void Compress(ReadOnlySpan<Rgba32> pixels, int width, int height, Sampling sampling, int quality, Stream destination)
    {
        var handle = Open(compress: true);
        byte* jpeg = null;
        try
        {
            nuint size = 0;
            fixed (Rgba32* source = pixels)
            {
                if (tjCompress2(handle, (byte*)source, width, width * 4, height, FormatRgbx, &jpeg, &size, (int)sampling, quality, 0) != 0)
                {
                    throw new ImageFormatException($"libjpeg-turbo cannot encode the image: {Message(handle)}");
                }
            }

            destination.Write(new ReadOnlySpan<byte>(jpeg, checked((int)size)));
        }
        finally
        {
            tjFree(jpeg);
            _ = tjDestroy(handle);
        }
    }

    private static string? Decompress(ReadOnlySpan<byte> jpeg, Span<byte> pixels, int width, int height, int format, int channels)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(pixels.Length, width * height * channels);
        var handle = Open(compress: false);
        try
        {
            fixed (byte* source = jpeg, destination = pixels)
            {
                if (tjDecompress2(handle, source, (nuint)jpeg.Length, destination, width, width * channels, height, format, LimitScans) == 0)
                {
                    return null;
                }
            }

            return tjGetErrorCode(handle) == ErrorIsWarning
                ? Message(handle)
                : throw new InvalidImageContentException($"libjpeg-turbo cannot decode the image: {Message(handle)}");
        }
        finally
        {
            _ = tjDestroy(handle);
        }
    }

    private static nint Open(bool compress)
    {
        var handle = compress ? tjInitCompress() : tjInitDecompress();
        return handle != 0 ? handle : throw new OutOfMemoryException($"libjpeg-turbo cannot start: {Message(0)}");
    }

    private static string Message(nint handle) => Marshal.PtrToStringUTF8(tjGetErrorStr2(handle)) ?? "unknown error";

    [LibraryImport(Library)]
    private static partial nint tjInitCompress();

    [LibraryImport(Library)]
    private static partial nint tjInitDecompress();

    [LibraryImport(Library)]
    private static partial int tjDestroy(nint handle);

    [LibraryImport(Library)]
    private static partial void tjFree(byte* buffer);

    [LibraryImport(Library)]
    private static partial nint tjGetErrorStr2(nint handle);

    [LibraryImport(Library)]
    private static partial int tjGetErrorCode(nint handle);

    [LibraryImport(Library)]
    private static partial int tjCompress2(
        nint handle, byte* source, int width, int pitch, int height, int format, byte** jpeg, nuint* size, int sampling, int quality, int flags);

    [LibraryImport(Library)]
    private static partial int tjDecompress2(
        nint handle, byte* jpeg, nuint size, byte* destination, int width, int pitch, int height, int format, int flags);
}
