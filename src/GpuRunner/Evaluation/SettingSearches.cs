using ReidCloud.Reports;
using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>The searches of one setting. Features that several of them compare are pooled and expanded once.</summary>
/// <param name="furtherImages">Of the queries, where the spec asks for several.</param>
internal sealed class SettingSearches(
    EvaluationSpec spec, Device device, EmbeddingSet queries, EmbeddingSet gallery, EmbeddingSet? furtherImages, Action? beat, CancellationToken stop) : IDisposable
{
    private EmbeddingSet? _pooled;
    private readonly Dictionary<bool, (EmbeddingSet Queries, EmbeddingSet Gallery)> _expanded = [];

    public T Do<T>(RetrievalVariant variant, Func<SearchedRows, T> search)
    {
        var distance = FeatureDistance.Of(spec, variant.Distance) with { Device = device };
        var (asked, searched) = variant.QueryExpansion ? Expanded(variant.MultiQuery) : (Queries(variant.MultiQuery), gallery);
        if (!variant.ReRanked)
        {
            return search(SearchedRows.Of(asked, searched, distance));
        }

        // What training and embedding left to the allocator, the collector's arrays of distances could not use.
        KeptMemory.GiveBack();
        using var all = asked.Followed(searched);
        using var features = new ComparableFeatures(all, distance);
        var reRanking = ReRanking.Of(ItemDistances.Of(features), asked.Sightings.Length, distance.Metric, spec.ReRanking!, beat, stop);
        return search(new SearchedRows(asked.Sightings, searched.Sightings, stopping => reRanking.Tiles(features, stopping)));
    }

    public void Dispose()
    {
        _pooled?.Dispose();
        foreach (var (expandedQueries, expandedGallery) in _expanded.Values)
        {
            expandedQueries.Dispose();
            expandedGallery.Dispose();
        }
    }

    private EmbeddingSet Queries(bool severalImages) => severalImages ? _pooled ??= MultiQueries.Of(queries, furtherImages!, spec.MultiQuery!.Value) : queries;

    private (EmbeddingSet Queries, EmbeddingSet Gallery) Expanded(bool severalImages)
    {
        if (!_expanded.TryGetValue(severalImages, out var expanded))
        {
            _expanded.Add(severalImages, expanded = QueryExpansion.Of(Queries(severalImages), gallery, spec.QueryExpansion!, stop));
            beat?.Invoke();
        }

        return expanded;
    }
}
