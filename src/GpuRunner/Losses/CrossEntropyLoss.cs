using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Losses;

/// <summary>−log softmax(z)_y, with label smoothing ε: target 1 − (K−1)/K·ε, the others ε/K. Spec of VKD §4.2.</summary>
internal sealed class CrossEntropyLoss(CrossEntropySpec spec) : OutputLoss
{
    protected override Tensor TermsOfOutput_B(LossInputs inputs) => nn.functional.cross_entropy(
        inputs.Logits_BK, inputs.Labels_B, reduction: nn.Reduction.None, label_smoothing: spec.LabelSmoothing);
}
