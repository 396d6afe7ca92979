using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Losses;

/// <summary>Of the shared branch, the observation of each pass teaches the representation of the other: VCD, spec of MVD §7.4.</summary>
internal sealed class CrossDistillationLoss(CrossDistillationSpec spec) : Loss
{
    public override Tensor Terms_B(LossInputs inputs)
    {
        var branches = inputs.RequireBranches();
        return (Of_B(branches.SharedColor, branches.SharedGrey) + Of_B(branches.SharedGrey, branches.SharedColor)) * 0.5;
    }

    private Tensor Of_B(LossBranch teaching, LossBranch learning) => Divergence.Of_B(spec.Divergence, teaching.Observation.Logits_BK, learning.Representation.Logits_BK);
}
