using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Losses;

/// <summary>
/// log(1 + Σ exp(γ α_n (s_n − m)) · Σ exp(−γ α_p (s_p − 1 + m))) over a set's cosines s_p to the others of its identity and s_n to those of other identities, each
/// weighted by how far it is from its optimum, α_p = [1 + m − s_p]₊ and α_n = [s_n + m]₊, which count as constants. Sun et al., CVPR 2020, equations 5, 6 and 8. A sum
/// without terms is 0, and so is then the loss.
/// </summary>
internal sealed class CircleLoss(CircleSpec spec) : OutputLoss
{
    /// <summary>The exponent of what is no pair: exp of it is 0 beside any pair, and unlike of −∞, so is its gradient.</summary>
    private const double NoPair = -1e5;

    protected override Tensor TermsOfOutput_B(LossInputs inputs)
    {
        var direction_BD = nn.functional.normalize(inputs.Embedding_BD, dim: 1);
        var cosine_BB = direction_BD.matmul(direction_BD.t());
        var isSame_BB = inputs.Labels_B.unsqueeze(0).eq(inputs.Labels_B.unsqueeze(1));
        var isItself_BB = eye(isSame_BB.shape[0], dtype: ScalarType.Bool, device: isSame_BB.device);
        var constant_BB = cosine_BB.detach();
        var positive_BB = (1 + spec.Margin - constant_BB).relu() * (1 - spec.Margin - cosine_BB) * spec.Scale;
        var negative_BB = (constant_BB + spec.Margin).relu() * (cosine_BB - spec.Margin) * spec.Scale;
        var positives_B = positive_BB.masked_fill(isSame_BB.logical_not().logical_or(isItself_BB), NoPair).logsumexp(1);
        var negatives_B = negative_BB.masked_fill(isSame_BB, NoPair).logsumexp(1);
        return nn.functional.softplus(positives_B + negatives_B);
    }
}
