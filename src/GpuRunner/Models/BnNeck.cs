using ReidCloud.GpuRunner.Onnx;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Models;

/// <summary>
/// Batch norm with a frozen bias, then a classifier without one (Luo et al. 2019, BNNeck): it separates what the metric losses see from what the
/// classification losses see. Spec of VKD §2.3.
/// </summary>
internal sealed class BnNeck : nn.Module<Tensor, (Tensor Neck_ND, Tensor Logits_NK)>
{
    private readonly BatchNorm bottleneck;
    private readonly Linear classifier;

    /// <param name="biased">The classifier has a bias, as MVD's have.</param>
    /// <param name="frozenBias">The norm's bias stays 0; MVD's MindSpore program lets it learn.</param>
    public BnNeck(int featureDim, int identities, bool biased = false, bool frozenBias = true) : base(nameof(BnNeck))
    {
        bottleneck = new BatchNorm(featureDim, frozenBias);
        classifier = nn.Linear(featureDim, identities, hasBias: biased);
        RegisterComponents();
    }

    /// <summary>N features of D numbers to their normalised form, and to the scores of K identities.</summary>
    public override (Tensor Neck_ND, Tensor Logits_NK) forward(Tensor feature_ND)
    {
        var neck_ND = bottleneck.call(feature_ND);
        return (neck_ND, Classify(neck_ND));
    }

    /// <summary>From the feature to its normalised form.</summary>
    public string Lower(OnnxGraph graph, string feature) => bottleneck.Lower(graph, feature);

    public Tensor Classify(Tensor neck_ND) => classifier.call(neck_ND);
}
