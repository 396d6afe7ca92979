using ReidCloud.Specs;

namespace ReidCloud.GpuRunner.Data;

/// <summary>Resizes as the library does whose filter is asked for: byte for byte, because published accuracies hang on these bytes.</summary>
public static class FrameResize
{
    public static byte[] Resize(ReadOnlySpan<byte> rgb, int width, int height, int newWidth, int newHeight, ResizeFilter filter) => filter switch
    {
        ResizeFilter.Bilinear or ResizeFilter.Bicubic => PillowResize.Resize(rgb, width, height, newWidth, newHeight, filter),
        ResizeFilter.OpenCvBilinear => OpenCvResize.Resize(rgb, width, height, newWidth, newHeight),
    };
}
