using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp;

/// <summary>Memory for pixels, which comes from a pool as that of the real library does, and their conversion. One image has at most 1 GiB, as one buffer of the real library.</summary>
internal static class PixelBuffer
{
    private const long MaxBytes = 1L << 30;

    /// <summary>Larger images are rare, and nothing is to be kept for them.</summary>
    private const int MostPooled = 1 << 20;

    /// <summary>An array of so many pixels or more.</summary>
    public static TPixel[] Rent<TPixel>(int width, int height, bool clean)
        where TPixel : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        var count = (long)width * height;
        if (count * Unsafe.SizeOf<TPixel>() > MaxBytes)
        {
            throw new InvalidImageContentException(
                $"Cannot decode image. Failed to allocate buffers for possibly degenerate dimensions: {width}x{height}.");
        }

        if (count > MostPooled)
        {
            return clean ? new TPixel[count] : GC.AllocateUninitializedArray<TPixel>((int)count);
        }

        var pixels = ArrayPool<TPixel>.Shared.Rent((int)count);
        if (clean)
        {
            pixels.AsSpan(0, (int)count).Clear();
        }

        return pixels;
    }

    public static void Return<TPixel>(TPixel[] pixels)
    {
        if (pixels.Length <= MostPooled)
        {
            ArrayPool<TPixel>.Shared.Return(pixels);
        }
    }

    public static void Convert<TPixel>(ReadOnlySpan<Rgba32> source, Span<TPixel> destination)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        if (typeof(TPixel) == typeof(Rgba32))
        {
            MemoryMarshal.Cast<Rgba32, TPixel>(source).CopyTo(destination);
            return;
        }

        for (var i = 0; i < source.Length; i++)
        {
            destination[i].FromRgba32(source[i]);
        }
    }

    public static void Convert<TPixel>(ReadOnlySpan<Rgb24> source, Span<TPixel> destination)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        if (typeof(TPixel) == typeof(Rgb24))
        {
            MemoryMarshal.Cast<Rgb24, TPixel>(source).CopyTo(destination);
            return;
        }

        for (var i = 0; i < source.Length; i++)
        {
            destination[i].FromRgb24(source[i]);
        }
    }

    public static void ToRgba<TPixel>(ReadOnlySpan<TPixel> source, Span<Rgba32> destination)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        for (var i = 0; i < source.Length; i++)
        {
            source[i].ToRgba32(ref destination[i]);
        }
    }
}
