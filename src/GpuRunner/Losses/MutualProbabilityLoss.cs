using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Losses;

/// <summary>
/// Σ p_j (log p_j − log p_i), the divergence of this peer's class scores from another's: summed over classes and averaged over sets, since averaged over classes,
/// too, it does nothing (so the reference's author). Zhang et al., CVPR 2018; spec of AlignedReID §4 (pm).
/// </summary>
internal sealed class MutualProbabilityLoss : MutualLoss
{
    protected override IEnumerable<Tensor> Terms(LossInputs inputs)
    {
        var own_BK = nn.functional.log_softmax(inputs.Logits_BK, 1);
        foreach (var peer in inputs.Peers)
        {
            var other_BK = nn.functional.log_softmax(peer.Logits_BK, 1);
            yield return (other_BK.exp() * (other_BK - own_BK)).sum(1);
        }
    }
}
