using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>N embeddings of D numbers on the CPU, and who each of them shows.</summary>
internal sealed record EmbeddingSet(Tensor Embedding_ND, Sighting[] Sightings) : IDisposable
{
    /// <summary>The other set's items behind this one's.</summary>
    public EmbeddingSet Followed(EmbeddingSet by) => new(cat([Embedding_ND, by.Embedding_ND]), [.. Sightings, .. by.Sightings]);

    /// <summary>The items at these places.</summary>
    public EmbeddingSet Only(int[] places)
    {
        using var scope = NewDisposeScope();
        var chosen_ND = Embedding_ND.index_select(0, tensor(Array.ConvertAll(places, place => (long)place)));
        return new(chosen_ND.DetachFromDisposeScope(), Array.ConvertAll(places, place => Sightings[place]));
    }

    public void Dispose() => Embedding_ND.Dispose();
}
