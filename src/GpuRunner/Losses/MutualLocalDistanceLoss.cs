using ReidCloud.GpuRunner.Alignment;
using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Losses;

/// <summary>The mean squared difference of all B² local distances of the batch from another peer's: AlignedReID §4 (ldm).</summary>
internal sealed class MutualLocalDistanceLoss(MutualLocalDistanceSpec spec) : MutualLoss
{
    protected override IEnumerable<Tensor> Terms(LossInputs inputs)
    {
        var own_BB = Distances(inputs.RequireLocal());
        return inputs.Peers.Select(peer => Difference_B(own_BB, Distances(peer.RequireLocal())));
    }

    private Tensor Distances(Tensor local_BHC)
    {
        var prepared_BHC = UnitLength.Of(local_BHC, spec.Normalize);
        return LocalDistance.Between(prepared_BHC, prepared_BHC);
    }
}
