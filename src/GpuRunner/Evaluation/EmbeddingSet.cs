using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>N embeddings of D numbers on the CPU, and who each of them shows.</summary>
internal sealed record EmbeddingSet(Tensor Embedding_ND, Sighting[] Sightings) : IDisposable
{
    /// <summary>H stripes of C numbers for each, where local distances are measured.</summary>
    public Tensor? Local_NHC { get; init; }

    /// <summary>The other set's items behind this one's.</summary>
    public EmbeddingSet Followed(EmbeddingSet by) => new(cat([Embedding_ND, by.Embedding_ND]), [.. Sightings, .. by.Sightings])
    {
        Local_NHC = Local_NHC is null || by.Local_NHC is null ? null : cat([Local_NHC, by.Local_NHC]),
    };

    /// <summary>The items at these places.</summary>
    public EmbeddingSet Only(int[] places)
    {
        using var scope = NewDisposeScope();
        using var index = tensor(Array.ConvertAll(places, place => (long)place));
        var chosen_ND = Embedding_ND.index_select(0, index);
        return new(chosen_ND.DetachFromDisposeScope(), Array.ConvertAll(places, place => Sightings[place]))
        {
            Local_NHC = Local_NHC?.index_select(0, index).DetachFromDisposeScope(),
        };
    }

    public void Dispose()
    {
        Embedding_ND.Dispose();
        Local_NHC?.Dispose();
    }
}
