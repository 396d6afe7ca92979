using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Models;

/// <summary>A linear classifier with a bias on the feature itself, as AlignedReID has it (its spec §1): no neck.</summary>
internal sealed class LinearClassifier : nn.Module<Tensor, (Tensor Neck_ND, Tensor Logits_NK)>
{
    private readonly Linear classifier;

    public LinearClassifier(int featureDim, int identities) : base(nameof(LinearClassifier))
    {
        classifier = nn.Linear(featureDim, identities);
        RegisterComponents();
    }

    /// <summary>N features of D numbers as they are, and the scores of K identities.</summary>
    public override (Tensor Neck_ND, Tensor Logits_NK) forward(Tensor feature_ND) => (feature_ND.alias(), classifier.call(feature_ND));
}
