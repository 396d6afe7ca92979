using ReidCloud.Datasets;
using ReidCloud.Reports;
using ReidCloud.Specs;

namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>Queries and galleries of a data set once they are embedded, as images and as videos; owns them.</summary>
internal sealed class RetrievalEmbeddings : IDisposable
{
    private readonly Dictionary<(Split Split, Medium Medium), EmbeddingSet> _sets = [];

    public void Add(Split split, Medium medium, EmbeddingSet embedded) => _sets.Add((split, medium), embedded);

    /// <summary>One setting's figures. Where the gallery includes the queries, those of the gallery's medium stand in front of it.</summary>
    public SettingMetrics Measure(RetrievalSetting setting, EvaluationSpec spec)
    {
        var (query, gallery) = RetrievalSets.MediaOf(setting);
        if (!spec.GalleryIncludesQueries)
        {
            return Retrieval.Measure(setting, _sets[(Split.Query, query)], _sets[(Split.Gallery, gallery)], spec.Metric, spec.Protocol);
        }

        using var all = _sets[(Split.Query, gallery)].Followed(_sets[(Split.Gallery, gallery)]);
        return Retrieval.Measure(setting, _sets[(Split.Query, query)], all, spec.Metric, spec.Protocol);
    }

    public void Dispose()
    {
        foreach (var set in _sets.Values)
        {
            set.Dispose();
        }
    }
}
