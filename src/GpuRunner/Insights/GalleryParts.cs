using System.Buffers;
using ReidCloud.GpuRunner.Evaluation;
using ReidCloud.Specs;

namespace ReidCloud.GpuRunner.Insights;

/// <summary>
/// How groups of queries are found in parts of the gallery. Each row of distances is cut into the parts and every part ranked by itself, so together it is one more pass over the
/// gallery, however many parts there are.
/// </summary>
internal static class GalleryParts
{
    /// <summary>Of a query that is in no group.</summary>
    public const int NoGroup = -1;

    /// <param name="groups">Of each query, from 0, or <see cref="NoGroup"/>.</param>
    /// <param name="parts">Places in the gallery, ascending in each part.</param>
    public static PartSum[,] Measure(
        EmbeddingSet queries, EmbeddingSet gallery, int[] groups, IReadOnlyList<int[]> parts, EvaluationSpec spec, Action beat, CancellationToken stop)
    {
        var cut = parts.Select(places => new Part(places, new GalleryIndex(Array.ConvertAll(places, place => gallery.Sightings[place])))).ToArray();
        var sums = new PartSum[groups.Append(NoGroup).Max() + 1, cut.Length];
        foreach (var tile in DistanceTiles.Of(queries, gallery, FeatureDistance.Of(spec), null, stop))
        {
            var found = new (double Precision, bool IsFirst)?[tile.Count][];
            Parallel.For(0, tile.Count, query =>
            {
                var seen = queries.Sightings[tile.First + query];
                found[query] = groups[tile.First + query] == NoGroup ? [] : Array.ConvertAll(cut, part => part.Rank(tile.Row(query), seen, spec.Protocol));
            });
            beat();
            foreach (var (query, ranks) in found.Index())
            {
                foreach (var (part, rank) in ranks.Index().Where(one => one.Item is not null))
                {
                    ref var sum = ref sums[groups[tile.First + query], part];
                    sum = new PartSum(sum.Queries + 1, sum.Precision + rank!.Value.Precision, sum.First + (rank.Value.IsFirst ? 1 : 0));
                }
            }
        }

        return sums;
    }

    private sealed record Part(int[] Places, GalleryIndex Gallery)
    {
        /// <summary>The standard average precision, and whether a match comes first; null where the query has no match here.</summary>
        public (double Precision, bool IsFirst)? Rank(ReadOnlySpan<float> distances, Sighting query, RetrievalProtocol protocol)
        {
            var rented = ArrayPool<float>.Shared.Rent(Places.Length);
            for (var i = 0; i < Places.Length; i++)
            {
                rented[i] = distances[Places[i]];
            }

            var ranks = Ranking.Rank(rented.AsSpan(0, Places.Length), query, Gallery, protocol);
            ArrayPool<float>.Shared.Return(rented);
            return ranks.HasMatch ? (ranks.StandardPrecision(), ranks.First == 0) : null;
        }
    }
}

/// <summary>Of the queries of a group that have a match in a part: how many there are, and the sums over them.</summary>
internal readonly record struct PartSum(int Queries, double Precision, int First)
{
    public double? Map => Queries == 0 ? null : Precision / Queries;

    public double? Rank1 => Queries == 0 ? null : (double)First / Queries;
}
