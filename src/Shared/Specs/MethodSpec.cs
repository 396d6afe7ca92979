using System.Text.Json.Serialization;

namespace ReidCloud.Specs;

/// <summary>How batches become losses. One record per method under Methods/.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(SupervisedSpec), "supervised")]
[JsonDerivedType(typeof(ViewDistillationSpec), "view-distillation")]
[JsonDerivedType(typeof(MutualLearningSpec), "mutual-learning")]
[JsonDerivedType(typeof(VariationalDistillationSpec), "variational-distillation")]
public abstract record MethodSpec
{
    /// <summary>The terms of the objective, summed with their weights.</summary>
    public abstract IReadOnlyList<LossSpec> Losses { get; init; }

    /// <summary>How many views of each drawn tracklet the sampler must deliver.</summary>
    [JsonIgnore]
    public abstract int SampledViews { get; }

    /// <summary>The weights that this method builds on, each with its place in the spec.</summary>
    [JsonIgnore]
    public virtual IReadOnlyList<(string Path, CheckpointRef Checkpoint)> Parents => [];
}
