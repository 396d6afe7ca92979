using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>N embeddings of D numbers on the CPU, and who each of them shows.</summary>
internal sealed record EmbeddingSet(Tensor Embedding_ND, Sighting[] Sightings) : IDisposable
{
    /// <summary>The other set's items behind this one's.</summary>
    public EmbeddingSet Followed(EmbeddingSet by) => new(cat([Embedding_ND, by.Embedding_ND]), [.. Sightings, .. by.Sightings]);

    public void Dispose() => Embedding_ND.Dispose();
}
