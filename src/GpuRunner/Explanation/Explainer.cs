using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Models;
using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Explanation;

/// <summary>Draws one network's maps of frames. The model must be in evaluation mode.</summary>
internal sealed class Explainer(ReidModel model, InputSpec input, FrameCache frames, Device device)
{
    private readonly Normalization _normalization = new(input);

    public InputSpec Input => input;

    /// <summary>What the network sees of a frame, before it is normalised.</summary>
    public RgbImage Picture(int frame) => new(input.Width, input.Height, frames.Get(frame).ToArray());

    /// <summary>
    /// A batch of frames, their maps in their order. A map's values are of length 1 over its positions, so the finer a network's map, the smaller they
    /// are; times the root of the number of positions they have a mean square of 1, and networks of other resolutions can be compared. Between
    /// networks of one resolution it changes nothing: pictures are drawn from the least to the greatest value.
    /// </summary>
    public HeatMap[] Explain(int[] batch)
    {
        using var scope = NewDisposeScope();
        var images_BVCHW = FrameTensor.Compose(batch.Length, 1, input, (item, _, frame_CHW) => _normalization.Apply(frames.Get(batch[item]), frame_CHW));
        var map_NHW = GradCam.Map(model, images_BVCHW.flatten(0, 1).to(device));
        RequireNumbers(map_NHW);
        var most_N = map_NHW.flatten(1).amax([1]).cpu().data<float>().ToArray();
        var level_NHW = map_NHW * Math.Sqrt(map_NHW.shape[1] * map_NHW.shape[2]);
        var enlarged = GradCam.Enlarge(level_NHW, input.Height, input.Width).cpu().contiguous().data<float>().ToArray();
        return [.. enlarged.Chunk(input.Height * input.Width).Select((values, image) => new HeatMap(input, values, most_N[image] == 0))];
    }

    private static void RequireNumbers(Tensor map_NHW)
    {
        if (!map_NHW.isfinite().all().item<bool>())
        {
            throw new BrokenModelException(
                "the model's maps are not all finite numbers: its weights are broken, most likely because training diverged. Lower the learning rate.");
        }
    }
}
