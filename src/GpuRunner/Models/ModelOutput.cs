using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Models;

/// <summary>
/// What a model says about B sets of V views: per image (B·V of them) the feature before the neck and after it; per set the embedding, the mean
/// of its features, and the logits over K identities, the mean of its views' logits.
/// </summary>
internal sealed record ModelOutput(Tensor Embedding_BD, Tensor Logits_BK, Tensor Feature_ND, Tensor Neck_ND)
{
    /// <summary>Per set the stripes (H rows, C numbers each), the mean of its views'; null of a model without a local branch.</summary>
    public Tensor? Local_BHC { get; init; }
}
