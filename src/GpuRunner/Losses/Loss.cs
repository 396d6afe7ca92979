using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Losses;

/// <summary>One term of an objective. Losses never dispose; they return fresh tensors inside the caller's dispose scope.</summary>
internal abstract class Loss
{
    /// <summary>What each of the B sets contributes.</summary>
    public abstract Tensor Terms_B(LossInputs inputs);

    /// <summary>The mean over the sets.</summary>
    public Tensor Of(LossInputs inputs) => Terms_B(inputs).mean();
}
