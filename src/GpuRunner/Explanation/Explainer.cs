using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Models;
using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Explanation;

/// <summary>Draws one network's maps of frames. The model must be in evaluation mode.</summary>
internal sealed class Explainer(ReidModel model, InputSpec input, FrameCache frames, Device device)
{
    public InputSpec Input => input;

    /// <summary>What the network sees of a frame, before it is normalised.</summary>
    public RgbImage Picture(int frame) => new(input.Width, input.Height, frames.Get(frame).ToArray());

    /// <summary>A batch of frames, their maps in their order.</summary>
    public HeatMap[] Explain(int[] batch)
    {
        using var scope = NewDisposeScope();
        var images_BVCHW = FrameTensor.Compose(batch.Length, 1, input, (item, _, frame_CHW) => Normalization.Apply(frames.Get(batch[item]), frame_CHW));
        var map_NHW = GradCam.Map(model, images_BVCHW.flatten(0, 1).to(device));
        RequireNumbers(map_NHW);
        var most_N = map_NHW.flatten(1).amax([1]).cpu().data<float>().ToArray();
        var enlarged = GradCam.Enlarge(map_NHW, input.Height, input.Width).cpu().contiguous().data<float>().ToArray();
        return [.. enlarged.Chunk(input.Height * input.Width).Select((values, image) => new HeatMap(input, values, most_N[image] == 0))];
    }

    private static void RequireNumbers(Tensor map_NHW)
    {
        if (!map_NHW.isfinite().all().item<bool>())
        {
            throw new InvalidOperationException(
                "the model's maps are not all finite numbers: its weights are broken, most likely because training diverged. Lower the learning rate.");
        }
    }
}
