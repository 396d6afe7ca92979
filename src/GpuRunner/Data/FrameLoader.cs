using ReidCloud.Datasets;
using ReidCloud.Specs;

namespace ReidCloud.GpuRunner.Data;

/// <summary>Reads, decodes and resizes one frame of a data set to the size of the network's input. Every fault names the frame and the data set.</summary>
internal sealed class FrameLoader(DatasetManifest manifest, InputSpec input, Func<FrameSource, byte[]> read)
{
    public int BytesPerFrame => BytesOf(input);

    /// <exception cref="FrameException">The frame's bytes are damaged, or not an image that can be used.</exception>
    public void Load(int frame, Span<byte> frame_HWC)
    {
        var source = manifest.Frames[frame];
        try
        {
            Prepare(read(source), source.Name, input, frame_HWC);
        }
        catch (Exception fault) when (fault is ImageException or ArchiveException)
        {
            throw new FrameException($"data set '{manifest.Name}', frame '{source.Name}': {fault.Message}", fault);
        }
    }

    /// <summary>An image's bytes as the network's input has them before they are normalized.</summary>
    /// <exception cref="ImageException">They are not an image that can be used.</exception>
    public static byte[] Prepare(ReadOnlySpan<byte> bytes, string name, InputSpec input)
    {
        var frame_HWC = new byte[BytesOf(input)];
        Prepare(bytes, name, input, frame_HWC);
        return frame_HWC;
    }

    /// <summary>A picture at the size of the input.</summary>
    public static byte[] Fit(RgbImage picture, InputSpec input)
    {
        var frame_HWC = new byte[BytesOf(input)];
        Fit(picture.Pixels, picture.Width, picture.Height, input, frame_HWC);
        return frame_HWC;
    }

    /// <inheritdoc cref="Prepare(ReadOnlySpan{byte}, string, InputSpec)"/>
    public static void Prepare(ReadOnlySpan<byte> bytes, string name, InputSpec input, Span<byte> frame_HWC)
    {
        using var picture = ImageDecoder.Borrow(bytes, name);
        Fit(picture.Pixels, picture.Width, picture.Height, input, frame_HWC);
    }

    private static void Fit(ReadOnlySpan<byte> rgb, int width, int height, InputSpec input, Span<byte> frame_HWC)
    {
        Resizing resize = input.Fit switch
        {
            ResizeFit.Squash => FrameResize.Resize,
            ResizeFit.Letterbox => Letterbox.Resize,
        };
        resize(rgb, width, height, frame_HWC, input.Width, input.Height, input.Filter);
    }

    private static int BytesOf(InputSpec input) => Normalization.Channels * input.Height * input.Width;
}
