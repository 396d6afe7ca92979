using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Losses;

/// <summary>The observations of both modalities' own branches teach their representations: VSD, spec of MVD §7.4.</summary>
internal sealed class SelfDistillationLoss(SelfDistillationSpec spec) : Loss
{
    public override Tensor Terms_B(LossInputs inputs)
    {
        var branches = inputs.RequireBranches();
        return Of_B(branches.Infrared) + Of_B(branches.Visible);
    }

    private Tensor Of_B(LossBranch branch) =>
        Divergence.Of_B(spec.Divergence, branch.Observation.Logits_BK / spec.Temperature, branch.Representation.Logits_BK / spec.Temperature);
}
