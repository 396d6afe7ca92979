using ReidCloud.GpuRunner.Alignment;
using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Losses;

/// <summary>
/// For each set, once among those of its own modality and once among those of the other: the mean of [D + m − a]₊ over others of its identity, and the mean of a − D over sets of other identities nearer
/// than a, weighted by exp(a − D). Spec of MVD §7.2.
/// </summary>
internal sealed class RankLoss(RankSpec spec) : OutputLoss
{
    /// <summary>Added to what is divided by, which may be the count of none.</summary>
    private const double Floor = 1e-5;

    protected override Tensor TermsOfOutput_B(LossInputs inputs)
    {
        var direction_BD = UnitLength.Of(inputs.Embedding_BD, isAsked: true);
        var distance_BB = Euclidean.Between(direction_BD, direction_BD);
        var infrared_B = inputs.RequireInfrared();
        var isSame_BB = Pairs(inputs.Labels_B);
        var isOwn_BB = Pairs(infrared_B);
        var isCross_BB = isOwn_BB.logical_not();
        var isOther_BB = isSame_BB.logical_not();
        var isPositive_BB = isSame_BB.logical_and(eye(isSame_BB.shape[0], dtype: ScalarType.Bool, device: isSame_BB.device).logical_not());
        return Drawn_B(distance_BB, isPositive_BB.logical_and(isOwn_BB), spec.Boundary - spec.Margin)
            + Drawn_B(distance_BB, isPositive_BB.logical_and(isCross_BB), spec.CrossBoundary - spec.CrossMargin)
            + Pushed_B(distance_BB, isOther_BB.logical_and(isOwn_BB), spec.Boundary)
            + Pushed_B(distance_BB, isOther_BB.logical_and(isCross_BB), spec.CrossBoundary);
    }

    private static Tensor Pairs(Tensor what_B) => what_B.unsqueeze(0).eq(what_B.unsqueeze(1));

    private static Tensor Drawn_B(Tensor distance_BB, Tensor isAmong_BB, double nearest)
    {
        var among_BB = isAmong_BB.to_type(distance_BB.dtype);
        return ((distance_BB - nearest).relu() * among_BB).sum(1) / (among_BB.sum(1) + Floor);
    }

    private static Tensor Pushed_B(Tensor distance_BB, Tensor isAmong_BB, double boundary)
    {
        var lacking_BB = (boundary - distance_BB).relu();
        var weight_BB = lacking_BB.exp() * isAmong_BB.logical_and(distance_BB.lt(boundary));
        return (lacking_BB * weight_BB).sum(1) / (weight_BB.sum(1) + Floor);
    }
}
