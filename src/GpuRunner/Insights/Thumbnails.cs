using ReidCloud.GpuRunner.Data;
using ReidCloud.Reports;
using ReidCloud.Specs;

namespace ReidCloud.GpuRunner.Insights;

/// <summary>Frames as small JPEG pictures in their own proportions, each made once. A frame that is smaller already stays as it is.</summary>
internal sealed class Thumbnails(DatasetFrames frames)
{
    private const int Width = 64;
    private const int Height = 128;
    private const int Quality = 75;

    private readonly Dictionary<int, Picture> _made = [];

    public Picture Of(int frame)
    {
        if (!_made.TryGetValue(frame, out var made))
        {
            made = Of(frames.Picture(frame), Width, Height);
            _made.Add(frame, made);
        }

        return made;
    }

    /// <summary>A picture that is no larger.</summary>
    public static Picture Of(RgbImage image, int width, int height)
    {
        var scale = Math.Min(1, Math.Min((double)width / image.Width, (double)height / image.Height));
        var (newWidth, newHeight) = (Scaled(image.Width, scale), Scaled(image.Height, scale));
        var pixels = PillowResize.Resize(image.Pixels, image.Width, image.Height, newWidth, newHeight, ResizeFilter.Bilinear);
        using var file = new MemoryStream();
        ImageEncoder.WriteJpeg(new RgbImage(newWidth, newHeight, pixels), Quality, file);
        return new Picture(newWidth, newHeight, "image/jpeg", file.ToArray());
    }

    private static int Scaled(int side, double scale) => Math.Max(1, (int)Math.Round(side * scale));
}
