using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Losses;

/// <summary>
/// Each set's farthest of the same identity and nearest of another, by a table of distances (Hermans et al. 2017, batch hard): how far they are, and which.
/// Of equal distances the first counts, alone: also for the gradient.
/// </summary>
internal sealed record HardestPairs(Tensor Positive_B, Tensor Negative_B, Tensor PositiveIndex_B, Tensor NegativeIndex_B)
{
    /// <summary>Lifts distances within an identity above all others.</summary>
    private const double SameIdentityLift = 1e5;

    /// <param name="withItself">
    /// Whether a set is one of its own positives, as in AlignedReID, where a set is not at distance 0 from itself; without it, the distance is 0 where there is no other.
    /// </param>
    public static HardestPairs Of(Tensor distance_BB, Tensor labels_B, bool withItself)
    {
        var isSame_BB = labels_B.unsqueeze(0).eq(labels_B.unsqueeze(1)).to_type(distance_BB.dtype);
        var isPositive_BB = withItself ? isSame_BB : isSame_BB - eye(isSame_BB.shape[0], dtype: distance_BB.dtype, device: distance_BB.device);
        var (positive_B, positiveIndex_B) = (distance_BB * isPositive_BB).max(1);
        var (negative_B, negativeIndex_B) = (distance_BB + (isSame_BB * SameIdentityLift)).min(1);
        return new HardestPairs(positive_B, negative_B, positiveIndex_B, negativeIndex_B);
    }

    /// <summary>max(0, p − n + margin), or without a margin log(1 + exp(p − n)), computed so that it does not overflow.</summary>
    public static Tensor Penalty(Tensor positive_B, Tensor negative_B, double? margin)
    {
        var excess_B = positive_B - negative_B;
        return margin is { } wide ? (excess_B + wide).relu() : nn.functional.softplus(excess_B);
    }
}
