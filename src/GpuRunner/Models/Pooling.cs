using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Models;

/// <summary>From a feature map to one vector per image. A map may be in bfloat16; what is made of it from here on is float32.</summary>
internal static class Pooling
{
    /// <summary>The mean over all positions: adaptive average pooling to 1 × 1.</summary>
    public static Tensor GlobalAverage(Tensor map_NDHW) => map_NDHW.mean([2, 3], type: Wide(map_NDHW));

    /// <summary>What a sum over the map is to be made in; null: as the map is.</summary>
    public static ScalarType? Wide(Tensor map_NDHW) => map_NDHW.dtype == ScalarType.BFloat16 ? ScalarType.Float32 : null;
}
