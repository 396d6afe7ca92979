using ReidCloud.GpuRunner.Data;
using ReidCloud.Reports;
using ReidCloud.Specs;

namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>Searches every query in the gallery, and counts by all definitions that a spec asks for.</summary>
/// <param name="seed">Of the error bars, and of what is drawn into a gallery of one image an identity.</param>
/// <param name="beat">Is called after every piece of work.</param>
internal sealed class Retrieval(EvaluationSpec spec, long seed, Action? beat = null)
{
    /// <param name="keep">Is handed the distances, whole rows in the order of the queries, before they are ranked.</param>
    public SettingFigures Measure(
        RetrievalSetting setting, RetrievalVariant variant, SearchedRows search, Action<ReadOnlyMemory<float>>? keep = null, CancellationToken stop = default)
    {
        var (queries, gallery) = (search.Queries, search.Gallery);
        var index = new GalleryIndex(gallery);
        var figures = new RetrievalFigures(gallery.Length);
        var groups = spec.Protocol == RetrievalProtocol.Atrw ? new AtrwGroups(queries) : null;
        List<CmcByDefinition> curves = [.. spec.Cmc.Select(definition => new CmcByDefinition(definition, figures.Ranks))];
        var pairs = spec.FalsePositiveRates.Count > 0 ? new PairCounts() : null;
        foreach (var tile in search.Read(stop))
        {
            keep?.Invoke(tile.Distances_QG);
            foreach (var (query, ranks) in Ranking.RankAll(tile.Distances_QG, queries.AsMemory(tile.First, tile.Count), index, spec.Protocol).Index())
            {
                figures.Add(ranks);
                groups?.Add(queries[tile.First + query], ranks);
            }

            Count(curves, tile, search);
            Count(tile, search, pairs is null ? null : pairs.Add);
            beat?.Invoke();
        }

        return new SettingFigures(
            figures.Of(setting, seed) with
            {
                Variant = RetrievalVariant.Named(variant),
                Groups = groups?.Figures ?? [],
                MeanGroupMap = groups?.MeanMap,
                Curves = [.. curves.Select(curve => new CmcCurve(curve.Definition, curve.Cmc))],
                Roc = Roc(pairs, search, stop),
            },
            figures.Queries) { Ties = figures.Ties };
    }

    /// <summary>The same in parallel and in the order of the queries.</summary>
    private void Count(List<CmcByDefinition> curves, DistanceTile tile, SearchedRows search)
    {
        if (curves.Count == 0)
        {
            return;
        }

        var found = new double[]?[tile.Count, curves.Count];
        Parallel.For(0, tile.Count, row =>
        {
            var query = search.Queries[tile.First + row];
            var order = RankOrder.Of(tile.Row(row), query, search.Gallery, spec.Protocol);
            for (var curve = 0; curve < curves.Count; curve++)
            {
                var draws = Seeding.Stream(seed, "single-gallery-shot", tile.First + row);
                found[row, curve] = curves[curve].Of(order, query, search.Gallery, (_, _, count) => draws.NextInt(count));
            }
        });
        for (var row = 0; row < tile.Count; row++)
        {
            for (var curve = 0; curve < curves.Count; curve++)
            {
                curves[curve].Add(found[row, curve]);
            }
        }
    }

    private void Count(DistanceTile tile, SearchedRows search, Action<float, bool>? add)
    {
        for (var row = 0; add is not null && row < tile.Count; row++)
        {
            var query = search.Queries[tile.First + row];
            var distances = tile.Row(row);
            for (var item = 0; item < distances.Length; item++)
            {
                if (!search.Gallery[item].IsJunkFor(query, spec.Protocol))
                {
                    add(distances[item], search.Gallery[item].Matches(query, spec.Protocol));
                }
            }
        }
    }

    /// <summary>None without pairs of both kinds.</summary>
    private IReadOnlyList<RocPoint> Roc(PairCounts? pairs, SearchedRows search, CancellationToken stop)
    {
        if (pairs is null or { Equal: 0 } or { Different: 0 })
        {
            return [];
        }

        pairs.Look(spec.FalsePositiveRates);
        foreach (var tile in search.Read(stop))
        {
            Count(tile, search, pairs.AddAgain);
            beat?.Invoke();
        }

        return [.. spec.FalsePositiveRates.Select(pairs.At)];
    }
}
