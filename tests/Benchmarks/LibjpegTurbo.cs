using System.Runtime.InteropServices;

namespace ReidCloud.Benchmarks;

/// <summary>libjpeg-turbo with nothing around it: a decoder and a picture's memory for each thread, used again and again.</summary>
internal static class LibjpegTurbo
{
    private const string Library = "libturbojpeg.so.0";
    private const int Rgb = 0;

    [ThreadStatic]
    private static nint _decoder;

    [ThreadStatic]
    private static byte[]? _pixels;

    /// <summary>Why it cannot be measured, and how to get it; null where it is there.</summary>
    public static string? Missing => NativeLibrary.TryLoad(Library, out _) ? null : $"there is no {Library}: `apt-get install libturbojpeg0`";

    public static void Decode(byte[] jpeg, int width, int height)
    {
        _decoder = _decoder == 0 ? tjInitDecompress() : _decoder;
        _pixels = _pixels?.Length == width * height * 3 ? _pixels : new byte[width * height * 3];
        if (tjDecompress2(_decoder, jpeg, (nuint)jpeg.Length, _pixels, width, width * 3, height, Rgb, flags: 0) != 0)
        {
            throw new InvalidDataException("libjpeg-turbo cannot decode what was encoded for it");
        }
    }

    [DllImport(Library)]
    private static extern nint tjInitDecompress();

    [DllImport(Library)]
    private static extern int tjDecompress2(nint decoder, byte[] jpeg, nuint size, byte[] pixels, int width, int pitch, int height, int format, int flags);
}
