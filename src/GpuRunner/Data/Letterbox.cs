using ReidCloud.Specs;

namespace ReidCloud.GpuRunner.Data;

/// <summary>
/// Fits a picture into a frame without changing its aspect ratio and pads with black: VKD §3.1. Sizes are rounded down, and where the
/// padding is odd the extra pixel goes to the top or the left.
/// </summary>
public static class Letterbox
{
    private const int Channels = 3;

    public static byte[] Resize(ReadOnlySpan<byte> rgb, int width, int height, int newWidth, int newHeight, ResizeFilter filter)
    {
        var framed = new byte[checked(newWidth * newHeight * Channels)];
        Resize(rgb, width, height, framed, newWidth, newHeight, filter);
        return framed;
    }

    public static void Resize(
        ReadOnlySpan<byte> rgb, int width, int height, Span<byte> destination, int newWidth, int newHeight, ResizeFilter filter)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(destination.Length, checked(newWidth * newHeight * Channels), nameof(destination));
        var (left, top, innerWidth, innerHeight) = Place(width, height, newWidth, newHeight);
        using var inner = new BorrowedPicture(innerWidth, innerHeight);
        FrameResize.Resize(rgb, width, height, inner.Pixels, innerWidth, innerHeight, filter);
        destination.Clear();
        for (var y = 0; y < innerHeight; y++)
        {
            inner.Pixels.Slice(y * innerWidth * Channels, innerWidth * Channels)
                .CopyTo(destination[((((top + y) * newWidth) + left) * Channels)..]);
        }
    }

    /// <summary>Where in the frame the picture comes to lie. A picture so thin that it would vanish keeps one pixel.</summary>
    internal static (int Left, int Top, int Width, int Height) Place(int width, int height, int newWidth, int newHeight)
    {
        var ratio = Math.Min((double)newWidth / width, (double)newHeight / height);
        var (w, h) = (Math.Max((int)(width * ratio), 1), Math.Max((int)(height * ratio), 1));
        return ((newWidth - w + 1) / 2, (newHeight - h + 1) / 2, w, h);
    }
}
