using System.Text.Json.Serialization;

namespace ReidCloud.Specs;

/// <summary>One term of the objective and its weight. A method's losses are a list, so every ablation is a spec.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(TripletSpec), "triplet")]
[JsonDerivedType(typeof(CrossEntropySpec), "cross-entropy")]
[JsonDerivedType(typeof(LogitDistillationSpec), "logit-distillation")]
[JsonDerivedType(typeof(LogitMatchingSpec), "logit-matching")]
[JsonDerivedType(typeof(DistancePreservationSpec), "distance-preservation")]
[JsonDerivedType(typeof(LocalTripletSpec), "local-triplet")]
[JsonDerivedType(typeof(MutualProbabilitySpec), "mutual-probability")]
[JsonDerivedType(typeof(MutualDistanceSpec), "mutual-distance")]
[JsonDerivedType(typeof(MutualLocalDistanceSpec), "mutual-local-distance")]
[JsonDerivedType(typeof(CenterSpec), "center")]
[JsonDerivedType(typeof(CircleSpec), "circle")]
[JsonDerivedType(typeof(RankSpec), "rank")]
[JsonDerivedType(typeof(CenterTripletSpec), "center-triplet")]
[JsonDerivedType(typeof(OptimalTransportSpec), "optimal-transport")]
[JsonDerivedType(typeof(SelfDistillationSpec), "self-distillation")]
[JsonDerivedType(typeof(CrossDistillationSpec), "cross-distillation")]
[JsonDerivedType(typeof(MutualDistillationSpec), "mutual-distillation")]
public abstract record LossSpec
{
    public double Weight { get; init; } = 1;
}

/// <summary>Batch-hard triplet loss on embeddings; without a margin the soft form log(1 + exp(p − n)). Spec of VKD §4.1.</summary>
public sealed record TripletSpec : LossSpec
{
    public double? Margin { get; init; }

    /// <summary>Divide embeddings by their length first. VKD does not.</summary>
    public bool Normalize { get; init; }
}

/// <summary>Cross-entropy on logits, with optional label smoothing: target 1 − (C−1)/C·ε, others ε/C. Spec of VKD §4.2.</summary>
public sealed record CrossEntropySpec : LossSpec
{
    public double LabelSmoothing { get; init; }
}

/// <summary>T² · KL(teacher ‖ student) of softened class scores, mean over the batch. Hinton et al. 2015; VKD §4.3 uses T = 10.</summary>
public sealed record LogitDistillationSpec : LossSpec
{
    public LogitDistillationSpec() => Weight = 0.1;

    public double Temperature { get; init; } = 10;
}

/// <summary>Mean squared difference of the raw logits of student and teacher: VKD's `logits_dist = mse`.</summary>
public sealed record LogitMatchingSpec : LossSpec
{
    public LogitMatchingSpec() => Weight = 0.1;
}

public enum DistancePenalty
{
    L2,
    L1,
    Huber,
}

/// <summary>Half the mean penalty between squared pairwise distances of teacher and student embeddings: VKD §4.4, in the code's form.</summary>
public sealed record DistancePreservationSpec : LossSpec
{
    public DistancePreservationSpec() => Weight = 1e-4;

    public DistancePenalty Penalty { get; init; } = DistancePenalty.L2;
}

/// <summary>Where the hardest positive and the hardest negative of a local triplet come from.</summary>
public enum TripletMining
{
    /// <summary>The global distances choose the pairs, as in the paper.</summary>
    Global,

    /// <summary>The local distances choose their own: `local_dist_own_hard_sample`, with which the published local results were made.</summary>
    Own,
}

/// <summary>
/// Batch-hard triplet loss on AlignedReID's local distance, the shortest path through the distances of the stripes of two images. Needs a model with a local branch. Spec of AlignedReID §2, §3.
/// </summary>
public sealed record LocalTripletSpec : LossSpec
{
    public double Margin { get; init; } = 0.3;

    /// <summary>Divide stripes, and the global features that choose the pairs, by their length first.</summary>
    public bool Normalize { get; init; }
    public TripletMining Mining { get; init; }
}

/// <summary>KL(other peer ‖ this one) of class scores, mean over the batch and the other peers: deep mutual learning; spec of AlignedReID §4 (pm).</summary>
public sealed record MutualProbabilitySpec : LossSpec;

/// <summary>Mean squared difference of the batch's global distances from each other peer's: spec of AlignedReID §4 (gdm).</summary>
public sealed record MutualDistanceSpec : LossSpec
{
    public bool Normalize { get; init; }
}

/// <summary>The same of local distances of all pairs (ldm). Needs a model with a local branch.</summary>
public sealed record MutualLocalDistanceSpec : LossSpec
{
    public bool Normalize { get; init; }
}

/// <summary>
/// Squared distance of each embedding from the learned center of its identity, mean over the batch (Wen et al. 2016). The centers move by <see cref="LearningRate"/> whatever
/// the weight, as in the bag of tricks (Luo et al. 2019).
/// </summary>
public sealed record CenterSpec : LossSpec
{
    public CenterSpec() => Weight = 5e-4;

    public double LearningRate { get; init; } = 0.5;
}

/// <summary>Circle loss on pairs of the batch, by the cosine of their embeddings (Sun et al., CVPR 2020, equation 6).</summary>
public sealed record CircleSpec : LossSpec
{
    public double Margin { get; init; } = 0.25;
    public double Scale { get; init; } = 64;
}
