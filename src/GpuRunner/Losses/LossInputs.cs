using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Losses;

/// <summary>
/// What losses look at: embeddings and logits of B sets from the model that learns, the sets' labels, and where there is a teacher, its embeddings
/// (whose size may differ) and logits of the same sets.
/// </summary>
internal sealed record LossInputs(Tensor Embedding_BD, Tensor Logits_BK, Tensor Labels_B)
{
    public Tensor? TeacherEmbedding_BD { get; init; }
    public Tensor? TeacherLogits_BK { get; init; }

    /// <summary>The stripes of the model that learns, where it has a local branch.</summary>
    public Tensor? Local_BHC { get; init; }

    /// <summary>In mutual learning what the other peers said of the same sets before anyone's step: constants, without gradients.</summary>
    public IReadOnlyList<PeerOutput> Peers { get; init; } = [];

    /// <summary>Which sets infrared cameras saw, where that is known of each.</summary>
    public Tensor? Infrared_B { get; init; }

    /// <summary>What each branch says, of a network that has some.</summary>
    public LossBranches? Branches { get; init; }

    public Tensor RequireLocal() => Require(Local_BHC);

    public Tensor RequireInfrared() => Infrared_B ?? throw new ArgumentException("a loss that tells modalities apart needs to know what saw each set, and nobody said");

    public LossBranches RequireBranches() => Branches ?? throw new ArgumentException("a loss between branches needs a network with some, and this one has none");

    internal static Tensor Require(Tensor? local_BHC) => local_BHC ?? throw new ArgumentException("a local loss needs stripes, and this model has no local branch");
}

/// <summary>What another peer says of B sets.</summary>
internal sealed record PeerOutput(Tensor Embedding_BD, Tensor Logits_BK, Tensor? Local_BHC)
{
    public Tensor RequireLocal() => LossInputs.Require(Local_BHC);
}
