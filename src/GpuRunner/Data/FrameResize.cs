using ReidCloud.Specs;

namespace ReidCloud.GpuRunner.Data;

/// <summary>Brings a picture to a new size, into memory of that very size.</summary>
internal delegate void Resizing(ReadOnlySpan<byte> rgb, int width, int height, Span<byte> destination, int newWidth, int newHeight, ResizeFilter filter);

/// <summary>Resizes as the library does whose filter is asked for: byte for byte, because published accuracies hang on these bytes.</summary>
public static class FrameResize
{
    public static void Resize(ReadOnlySpan<byte> rgb, int width, int height, Span<byte> destination, int newWidth, int newHeight, ResizeFilter filter)
    {
        Resizing resize = filter switch
        {
            ResizeFilter.Bilinear or ResizeFilter.Bicubic or ResizeFilter.Lanczos => PillowResize.Resize,
            ResizeFilter.OpenCvBilinear => OpenCvResize.Resize,
        };
        resize(rgb, width, height, destination, newWidth, newHeight, filter);
    }
}
