using ReidCloud.Datasets;
using ReidCloud.Specs;

namespace ReidCloud.GpuRunner.Data;

/// <summary>Reads, decodes and resizes one frame of a data set to the size of the network's input. Every fault names the frame and the data set.</summary>
internal sealed class FrameLoader(DatasetManifest manifest, InputSpec input, Func<FrameSource, byte[]> read)
{
    public int BytesPerFrame => Normalization.Channels * input.Height * input.Width;

    /// <exception cref="FrameException">The frame's bytes are damaged, or not an image that can be used.</exception>
    public byte[] Load(int frame)
    {
        var source = manifest.Frames[frame];
        try
        {
            return Prepare(read(source), source.Name, input);
        }
        catch (Exception fault) when (fault is ImageException or ArchiveException)
        {
            throw new FrameException($"data set '{manifest.Name}', frame '{source.Name}': {fault.Message}", fault);
        }
    }

    /// <summary>An image's bytes as the network's input has them before they are normalized.</summary>
    /// <exception cref="ImageException">They are not an image that can be used.</exception>
    public static byte[] Prepare(ReadOnlySpan<byte> bytes, string name, InputSpec input) => Fit(ImageDecoder.Decode(bytes, name), input);

    /// <summary>A picture at the size of the input.</summary>
    public static byte[] Fit(RgbImage picture, InputSpec input) => input.Fit switch
    {
        ResizeFit.Squash => FrameResize.Resize(picture.Pixels, picture.Width, picture.Height, input.Width, input.Height, input.Filter),
        ResizeFit.Letterbox => Letterbox.Resize(picture.Pixels, picture.Width, picture.Height, input.Width, input.Height, input.Filter),
    };
}
