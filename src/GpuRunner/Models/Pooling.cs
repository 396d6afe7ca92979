using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Models;

/// <summary>From a feature map to one vector per image.</summary>
internal static class Pooling
{
    /// <summary>The mean over all positions: adaptive average pooling to 1 × 1.</summary>
    public static Tensor GlobalAverage(Tensor map_NDHW) => map_NDHW.mean([2, 3]);
}
