using ReidCloud.GpuRunner.Evaluation;
using ReidCloud.Specs;

namespace ReidCloud.GpuRunner.Insights;

/// <summary>
/// How alike two models order the gallery: the mean over queries of Spearman's rank correlation, and of the fraction of the first few that both have. Whole
/// galleries are sorted for it, so of many queries some are taken evenly.
/// </summary>
internal readonly record struct OrderAgreement(double RankCorrelation, double NeighborOverlap)
{
    public const int Neighbors = 10;
    private const int MostQueries = 1000;

    /// <summary>Of two models at once.</summary>
    private const int DistancesPerTile = 1 << 24;

    /// <summary>Null where no query has two items to order.</summary>
    public static OrderAgreement? Measure(SearchedSets model, SearchedSets other, EvaluationSpec spec, Action beat, CancellationToken stop)
    {
        var places = Evenly.Places(model.Queries.Sightings.Length, MostQueries);
        using var queries = model.Queries.Only(places);
        using var otherQueries = other.Queries.Only(places);
        var (correlations, overlaps, count) = (0.0, 0.0, 0);
        foreach (var (here, there) in Tiles(queries, model).Zip(Tiles(otherQueries, other)))
        {
            var found = new OrderAgreement?[here.Count];
            Parallel.For(0, here.Count, row =>
            {
                var query = queries.Sightings[here.First + row];
                found[row] = Of(
                    RankOrder.Of(here.Row(row), query, model.Gallery.Sightings, spec.Protocol), RankOrder.Of(there.Row(row), query, model.Gallery.Sightings, spec.Protocol));
            });
            beat();
            foreach (var one in found.OfType<OrderAgreement>())
            {
                (correlations, overlaps, count) = (correlations + one.RankCorrelation, overlaps + one.NeighborOverlap, count + 1);
            }
        }

        return count == 0 ? null : new OrderAgreement(correlations / count, overlaps / count);

        IEnumerable<DistanceTile> Tiles(EmbeddingSet asked, SearchedSets sets) => DistanceTiles.Of(asked, sets.Gallery, FeatureDistance.Of(spec), DistancesPerTile, stop);
    }

    /// <summary>Of two orders of the same places; null of less than two.</summary>
    public static OrderAgreement? Of(int[] here, int[] there)
    {
        if (here.Length < 2)
        {
            return null;
        }

        var ranks = new int[here.Max() + 1];
        for (var rank = 0; rank < here.Length; rank++)
        {
            ranks[here[rank]] = rank;
        }

        var squares = 0.0;
        for (var rank = 0; rank < there.Length; rank++)
        {
            double moved = rank - ranks[there[rank]];
            squares += moved * moved;
        }

        double count = here.Length;
        var first = Math.Min(Neighbors, here.Length);
        return new OrderAgreement(1 - (6 * squares / (count * ((count * count) - 1))), there.Take(first).Count(place => ranks[place] < first) / (double)first);
    }
}
