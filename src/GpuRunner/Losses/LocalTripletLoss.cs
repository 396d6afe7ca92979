using ReidCloud.GpuRunner.Alignment;
using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Losses;

/// <summary>
/// Batch-hard triplets by local distance. A set counts among its own positives, as in the reference: by local distance it is not at 0 from itself, which tells where
/// there is no farther one. Spec of AlignedReID §3.
/// </summary>
internal sealed class LocalTripletLoss(LocalTripletSpec spec) : Loss
{
    /// <summary>0 of a set without a negative: the last batch of an epoch may be of one identity.</summary>
    public override Tensor Terms_B(LossInputs inputs)
    {
        var local_BHC = UnitLength.Of(inputs.RequireLocal(), spec.Normalize);
        var (positive_B, negative_B) = spec.Mining switch
        {
            TripletMining.Own => Hardest(local_BHC, inputs.Labels_B),
            TripletMining.Global => OfHardestGlobally(local_BHC, inputs),
        };
        var hasNegative_B = inputs.Labels_B.unsqueeze(0).ne(inputs.Labels_B.unsqueeze(1)).any(1);
        return HardestPairs.Penalty(positive_B, negative_B, spec.Margin) * hasNegative_B;
    }

    /// <summary>The distances of pairs that something else has chosen.</summary>
    public static (Tensor Positive_B, Tensor Negative_B) OfPairs(Tensor local_BHC, Tensor positiveIndex_B, Tensor negativeIndex_B) => (
        LocalDistance.OfPairs(local_BHC, local_BHC.index_select(0, positiveIndex_B)),
        LocalDistance.OfPairs(local_BHC, local_BHC.index_select(0, negativeIndex_B)));

    public static (Tensor Positive_B, Tensor Negative_B) Hardest(Tensor local_BHC, Tensor labels_B)
    {
        var pairs = HardestPairs.Of(LocalDistance.Between(local_BHC, local_BHC), labels_B, withItself: true);
        return (pairs.Positive_B, pairs.Negative_B);
    }

    /// <summary>Which sets are chosen has no gradient.</summary>
    private (Tensor Positive_B, Tensor Negative_B) OfHardestGlobally(Tensor local_BHC, LossInputs inputs)
    {
        var prepared_BD = UnitLength.Of(inputs.Embedding_BD.detach(), spec.Normalize);
        var chosen = HardestPairs.Of(Euclidean.Between(prepared_BD, prepared_BD), inputs.Labels_B, withItself: true);
        return OfPairs(local_BHC, chosen.PositiveIndex_B, chosen.NegativeIndex_B);
    }
}
