using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Losses;

/// <summary>
/// Keeps the teacher's geometry: half the penalty between squared distances of teacher and student, mean over all B² ordered pairs with the zero
/// diagonal. The code's form, not the paper's, because the weight 1e-4 is tuned to it: spec of VKD §4.4.
/// </summary>
internal sealed class DistancePreservationLoss(DistancePreservationSpec spec) : DistillationLoss
{
    public override Tensor Terms_B(LossInputs inputs)
    {
        var difference_BB = SquaredDistances(inputs.Embedding_BD) - SquaredDistances(TeacherEmbedding_BD(inputs));
        var penalty_BB = spec.Penalty switch
        {
            DistancePenalty.L2 => difference_BB.pow(2),
            DistancePenalty.L1 => difference_BB.abs(),
            DistancePenalty.Huber => nn.functional.huber_loss(difference_BB, zeros_like(difference_BB), reduction: nn.Reduction.None),
        };
        return penalty_BB.mean([1]) * 0.5;
    }

    private static Tensor SquaredDistances(Tensor embedding_BD) => (embedding_BD.unsqueeze(1) - embedding_BD.unsqueeze(0)).pow(2).sum(2);
}
