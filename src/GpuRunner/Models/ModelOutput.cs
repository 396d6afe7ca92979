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

    /// <summary>What each branch of a network of several views says, in the order of <see cref="BranchOutput.Names"/>; nothing of a network of one.</summary>
    public IReadOnlyList<BranchOutput> Branches { get; init; } = [];

    /// <summary>How many tensors it has, with those that it may lack.</summary>
    public static int Count => Own + (BranchOutput.Names.Count * BranchOutput.Count);

    private const int Own = 5;

    /// <summary>All of it in one order, for who treats all alike; null is what it lacks.</summary>
    public Tensor?[] Tensors =>
    [
        Embedding_BD, Logits_BK, Feature_ND, Neck_ND, Local_BHC,
        .. Branches.Count > 0 ? [.. Branches.SelectMany(branch => branch.Tensors)] : new Tensor?[Count - Own],
    ];

    /// <summary>
    /// What it says of sets of so many views, where this is what it said of their frames, each a set by itself: in a new order, and what is said of a set in the mean over its views.
    /// </summary>
    /// <param name="places_N">Where each frame stands here.</param>
    public ModelOutput OfSets(Tensor places_N, long views)
    {
        return new ModelOutput(Mean(Embedding_BD), Mean(Logits_BK), Ordered(Feature_ND), Ordered(Neck_ND))
        {
            Local_BHC = Local_BHC is null ? null : Mean(Local_BHC),
            Branches = [.. Branches.Select(branch => BranchOutput.Of(branch.Name, [.. branch.Tensors.Select(Ordered)]))],
        };

        Tensor Ordered(Tensor ofFrames) => ofFrames.index_select(0, places_N);

        Tensor Mean(Tensor ofFrames) => views == 1 ? Ordered(ofFrames) : Ordered(ofFrames).unflatten(0, -1, views).mean([1]);
    }

    /// <summary>From what <see cref="Tensors"/> gives.</summary>
    public static ModelOutput Of(IReadOnlyList<Tensor?> tensors) => new(tensors[0]!, tensors[1]!, tensors[2]!, tensors[3]!)
    {
        Local_BHC = tensors[4],
        Branches = tensors[Own] is null ? [] : [.. tensors.Skip(Own).Chunk(BranchOutput.Count).Zip(BranchOutput.Names, (own, name) => BranchOutput.Of(name, own))],
    };
}
