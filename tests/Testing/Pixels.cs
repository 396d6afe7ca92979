using System.Runtime.InteropServices;
using ReidCloud.GpuRunner.Data;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace ReidCloud.Tests.Testing;

/// <summary>Pixels to write and pixels read.</summary>
internal static class Pixels
{
    /// <summary>The same ones for the same size.</summary>
    public static TPixel[] Random<TPixel>(int width, int height)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        var random = Seeding.Stream((width * 10_000 + height), "pixels");
        var pixels = new TPixel[width * height];
        foreach (ref var octet in MemoryMarshal.AsBytes(pixels.AsSpan()))
        {
            octet = (byte)random.NextInt(256);
        }

        return pixels;
    }

    public static TPixel[] Of<TPixel>(byte[] file)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        using var image = Image.Load<TPixel>(file);
        var pixels = new TPixel[image.Width * image.Height];
        image.CopyPixelDataTo(pixels);
        return pixels;
    }
}
