using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Losses;

/// <summary>Features as a loss takes them: embeddings, or the stripes of a local branch.</summary>
internal static class UnitLength
{
    /// <summary>Each row along the last axis divided by its length, where that is asked for.</summary>
    public static Tensor Of(Tensor features, bool isAsked) => isAsked ? nn.functional.normalize(features, dim: -1) : features;
}
