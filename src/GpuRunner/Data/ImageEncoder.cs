using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace ReidCloud.GpuRunner.Data;

/// <summary>Writes a picture so that nothing of it is lost: PNG.</summary>
public static class ImageEncoder
{
    public static void WritePng(RgbImage image, Stream to)
    {
        using var encoded = Image.LoadPixelData<Rgb24>(image.Pixels, image.Width, image.Height);
        encoded.SaveAsPng(to);
    }
}
