using System.Text.Json.Serialization;

namespace ReidCloud.Specs;

/// <summary>One term of the objective and its weight. A method's losses are a list, so every ablation is a spec.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(TripletSpec), "triplet")]
[JsonDerivedType(typeof(CrossEntropySpec), "cross-entropy")]
[JsonDerivedType(typeof(LogitDistillationSpec), "logit-distillation")]
[JsonDerivedType(typeof(LogitMatchingSpec), "logit-matching")]
[JsonDerivedType(typeof(DistancePreservationSpec), "distance-preservation")]
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
