using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Losses;

/// <summary>
/// Batch-hard triplets (Hermans et al. 2017): each set against its farthest set of the same identity and its nearest of another. The soft form is
/// log(1 + exp(p − n)), computed so that it does not overflow; a margin gives max(0, p − n + margin). Spec of VKD §4.1.
/// </summary>
internal sealed class TripletLoss(TripletSpec spec) : Loss
{
    /// <summary>Under the root, so that equal embeddings have a gradient (of 0).</summary>
    private const double SquareFloor = 1e-12;

    /// <summary>Lifts distances within an identity above all others.</summary>
    private const double SameIdentityLift = 1e5;

    /// <summary>p is 0 for a set without a positive. Of equal distances the first counts, alone: also for the gradient.</summary>
    public override Tensor Terms_B(LossInputs inputs)
    {
        var distance_BB = Distances(spec.Normalize ? nn.functional.normalize(inputs.Embedding_BD, dim: 1) : inputs.Embedding_BD);
        var isSame_BB = inputs.Labels_B.unsqueeze(0).eq(inputs.Labels_B.unsqueeze(1)).to_type(distance_BB.dtype);
        var isPositive_BB = isSame_BB - eye(isSame_BB.shape[0], dtype: distance_BB.dtype, device: distance_BB.device);
        var (positive_B, _) = (distance_BB * isPositive_BB).max(1);
        var (negative_B, _) = (distance_BB + (isSame_BB * SameIdentityLift)).min(1);
        var excess_B = positive_B - negative_B;
        return spec.Margin is { } margin ? (excess_B + margin).relu() : nn.functional.softplus(excess_B);
    }

    /// <summary>Euclidean, from differences: the product form of the square loses the digits of near pairs.</summary>
    private static Tensor Distances(Tensor embedding_BD) =>
        ((embedding_BD.unsqueeze(1) - embedding_BD.unsqueeze(0)).pow(2).sum(2) + SquareFloor).sqrt();
}
