using ReidCloud.Specs;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Losses;

/// <summary>
/// |x − c_y|², from each embedding to the center of its identity (Wen et al., ECCV 2016). A center moves towards the sets of its identity, by 2 · rate / B of the way
/// to each. It begins at 0 and not at random as in the bag of tricks, so that it depends on nothing but what was seen.
/// </summary>
internal sealed class CenterLoss(CenterSpec spec, int identities, int featureDim) : Loss
{
    private Parameter _center_KD = new(zeros(identities, featureDim));

    public override LearnedTensor Learned => new("centers", _center_KD, spec.LearningRate);

    public override Tensor Terms_B(LossInputs inputs) => (inputs.Embedding_BD - _center_KD.index_select(0, inputs.Labels_B)).pow(2).sum(1);

    public override void MoveTo(Device device)
    {
        using var before = _center_KD;
        using var frozen = no_grad();
        _center_KD = new Parameter(before.to(device, copy: true));
    }

    public override void Dispose() => _center_KD.Dispose();
}
