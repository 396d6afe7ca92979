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
}
