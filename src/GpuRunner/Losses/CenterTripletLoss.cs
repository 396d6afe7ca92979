using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Losses;

/// <summary>
/// Triplets of centers: every set stands for the mean of the sets that show its identity by its modality. Where each identity has as many sets of each modality, as the reference's batches do, that is the
/// loss over the centers themselves. Who appears by one modality alone has no positive but itself. Spec of MVD §6.
/// </summary>
internal sealed class CenterTripletLoss(CenterTripletSpec spec) : OutputLoss
{
    private readonly TripletLoss _ofCenters = new(new TripletSpec { Margin = spec.Margin });

    protected override Tensor TermsOfOutput_B(LossInputs inputs)
    {
        var infrared_B = inputs.RequireInfrared();
        var isTogether_BB = inputs.Labels_B.unsqueeze(0).eq(inputs.Labels_B.unsqueeze(1)).logical_and(infrared_B.unsqueeze(0).eq(infrared_B.unsqueeze(1))).to_type(inputs.Embedding_BD.dtype);
        var center_BD = (isTogether_BB / isTogether_BB.sum(1, keepdim: true)).matmul(inputs.Embedding_BD);
        return _ofCenters.Terms_B(inputs with { Embedding_BD = center_BD, Branches = null });
    }
}
