using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Losses;

/// <summary>
/// Batch-hard triplets (Hermans et al. 2017): each set against its farthest set of the same identity and its nearest of another. Spec of VKD §4.1. AlignedReID's
/// global loss (its spec §3) is the same but that it counts a set among its own positives, at 1e-6: a difference where there is no farther one.
/// </summary>
internal sealed class TripletLoss(TripletSpec spec) : OutputLoss
{
    /// <summary>Under the root, so that equal embeddings have a gradient (of 0).</summary>
    private const double SquareFloor = 1e-12;

    protected override Tensor TermsOfOutput_B(LossInputs inputs)
    {
        var pairs = HardestPairs.Of(Distances(inputs.Embedding_BD), inputs.Labels_B, withItself: false);
        return HardestPairs.Penalty(pairs.Positive_B, pairs.Negative_B, spec.Margin);
    }

    /// <summary>Euclidean, from differences: the product form of the square loses the digits of near pairs.</summary>
    public Tensor Distances(Tensor embedding_BD)
    {
        var prepared_BD = UnitLength.Of(embedding_BD, spec.Normalize);
        return ((prepared_BD.unsqueeze(1) - prepared_BD.unsqueeze(0)).pow(2).sum(2) + SquareFloor).sqrt();
    }
}
