using ReidCloud.GpuRunner.Alignment;
using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Losses;

/// <summary>The mean squared difference of all B² global distances of the batch from another peer's: AlignedReID §4 (gdm).</summary>
internal sealed class MutualDistanceLoss(MutualDistanceSpec spec) : MutualLoss
{
    protected override IEnumerable<Tensor> Terms(LossInputs inputs)
    {
        var own_BB = Distances(inputs.Embedding_BD);
        return inputs.Peers.Select(peer => Difference_B(own_BB, Distances(peer.Embedding_BD)));
    }

    private Tensor Distances(Tensor embedding_BD)
    {
        var prepared_BD = UnitLength.Of(embedding_BD, spec.Normalize);
        return Euclidean.Between(prepared_BD, prepared_BD);
    }
}
