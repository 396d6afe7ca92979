using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Losses;

/// <summary>The mean squared difference of raw logits: VKD's `logits_dist = mse`.</summary>
internal sealed class LogitMatchingLoss : DistillationLoss
{
    public override Tensor Terms_B(LossInputs inputs) => (inputs.Logits_BK - TeacherLogits_BK(inputs)).pow(2).mean([1]);
}
