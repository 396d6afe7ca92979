using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Losses;

/// <summary>Jensen and Shannon's divergence of the shared branch's two representations, ½ KL(p ‖ m) + ½ KL(q ‖ m) with their mean m: VML, spec of MVD §5.</summary>
internal sealed class MutualDistillationLoss : Loss
{
    public override Tensor Terms_B(LossInputs inputs)
    {
        var branches = inputs.RequireBranches();
        var (color_BK, grey_BK) = (Scores(branches.SharedColor), Scores(branches.SharedGrey));
        var mean_BK = stack([color_BK, grey_BK]).logsumexp(0) - Math.Log(2);
        return ((color_BK.exp() * (color_BK - mean_BK)) + (grey_BK.exp() * (grey_BK - mean_BK))).sum(1) * 0.5;

        static Tensor Scores(LossBranch branch) => nn.functional.log_softmax(branch.Representation.Logits_BK, 1);
    }
}
