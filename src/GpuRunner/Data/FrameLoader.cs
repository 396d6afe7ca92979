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
            var (width, height, pixels) = ImageDecoder.Decode(read(source), source.Name);
            return input.Fit switch
            {
                ResizeFit.Squash => PillowResize.Resize(pixels, width, height, input.Width, input.Height, input.Filter),
                ResizeFit.Letterbox => Letterbox.Resize(pixels, width, height, input.Width, input.Height, input.Filter),
            };
        }
        catch (Exception fault) when (fault is ImageException or ArchiveException)
        {
            throw new FrameException($"data set '{manifest.Name}', frame '{source.Name}': {fault.Message}", fault);
        }
    }
}
