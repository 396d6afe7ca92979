using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Losses;

/// <summary>One term of an objective. Losses never dispose what they compute; they return fresh tensors inside the caller's dispose scope.</summary>
internal abstract class Loss : IDisposable
{
    /// <summary>What the loss itself learns beside the model; almost none does.</summary>
    public virtual LearnedTensor? Learned => null;

    /// <summary>What each of the B sets contributes.</summary>
    public abstract Tensor Terms_B(LossInputs inputs);

    /// <summary>The mean over the sets.</summary>
    public Tensor Of(LossInputs inputs) => Terms_B(inputs).mean();

    public virtual void MoveTo(Device device)
    {
    }

    public virtual void Dispose()
    {
    }
}
