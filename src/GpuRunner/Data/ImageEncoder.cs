using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.PixelFormats;

namespace ReidCloud.GpuRunner.Data;

/// <summary>Writes a picture so that nothing of it is lost, as PNG, or so that it is small, as JPEG.</summary>
public static class ImageEncoder
{
    /// <param name="quality">1 … 100.</param>
    public static void WriteJpeg(RgbImage image, int quality, Stream to)
    {
        using var encoded = Image.LoadPixelData<Rgb24>(image.Pixels, image.Width, image.Height);
        encoded.SaveAsJpeg(to, new JpegEncoder { Quality = quality });
    }

    public static void WritePng(RgbImage image, Stream to)
    {
        using var encoded = Image.LoadPixelData<Rgb24>(image.Pixels, image.Width, image.Height);
        encoded.SaveAsPng(to);
    }
}
