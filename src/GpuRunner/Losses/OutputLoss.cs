using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Losses;

/// <summary>A loss of an embedding or of its logits. Of a network with branches it is the sum over all their outputs with the shares that these have.</summary>
internal abstract class OutputLoss : Loss
{
    public sealed override Tensor Terms_B(LossInputs inputs) => inputs.Branches is { } branches
        ? branches.Outputs.Select(one => TermsOfOutput_B(inputs with { Embedding_BD = one.Output.Feature_BD, Logits_BK = one.Output.Logits_BK }) * one.Share).Aggregate((sum, terms) => sum + terms)
        : TermsOfOutput_B(inputs);

    /// <summary>What each of the B sets contributes, by one output.</summary>
    protected abstract Tensor TermsOfOutput_B(LossInputs inputs);
}
