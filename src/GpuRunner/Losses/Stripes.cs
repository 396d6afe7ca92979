using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Losses;

/// <summary>A local branch's stripes as losses take them.</summary>
internal static class Stripes
{
    /// <summary>Each divided by its length where that is asked for.</summary>
    public static Tensor Prepare(Tensor local_BHC, bool normalize) => normalize ? nn.functional.normalize(local_BHC, dim: 2) : local_BHC;

    public static ArgumentException Missing() => new("a local loss needs stripes, and this model has no local branch");
}
