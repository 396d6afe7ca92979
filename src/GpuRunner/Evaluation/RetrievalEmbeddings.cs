using ReidCloud.Datasets;
using ReidCloud.Specs;

namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>Queries and galleries of a data set once they are embedded, as images and as videos, and of the statistics they were embedded with what is kept; owns them.</summary>
internal sealed class RetrievalEmbeddings : IDisposable
{
    private readonly Dictionary<ItemSet, EmbeddingSet> _sets = [];

    /// <summary>Of some cameras' queries, where each camera has its own and they were asked for.</summary>
    public KeptStatistics? Statistics { get; set; }

    public EmbeddingSet this[ItemSet set] => _sets[set];

    public void Add(ItemSet set, EmbeddingSet embedded) => _sets.Add(set, embedded);

    public void Drop(ItemSet set)
    {
        if (_sets.Remove(set, out var embedded))
        {
            embedded.Dispose();
        }
    }

    /// <summary>
    /// Hands one setting's queries and gallery to <paramref name="search"/>. Where the gallery includes the queries, those of the gallery's medium stand in
    /// front of it.
    /// </summary>
    public T Search<T>(RetrievalSetting setting, EvaluationSpec spec, int galleryFrames, Func<EmbeddingSet, EmbeddingSet, T> search)
    {
        var (query, gallery) = RetrievalSets.MediaOf(setting);
        var queries = _sets[ItemSet.Of(Split.Query, query, spec.Frames)];
        var searched = _sets[ItemSet.Of(Split.Gallery, gallery, galleryFrames)];
        if (!spec.GalleryIncludesQueries)
        {
            return search(queries, searched);
        }

        using var all = _sets[ItemSet.Of(Split.Query, gallery, galleryFrames)].Followed(searched);
        return search(queries, all);
    }

    public void Dispose()
    {
        Statistics?.Dispose();
        foreach (var set in _sets.Values)
        {
            set.Dispose();
        }
    }
}
