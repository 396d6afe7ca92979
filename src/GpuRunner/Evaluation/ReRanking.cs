using System.Numerics;
using ReidCloud.Specs;

namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>
/// k-reciprocal re-ranking (Zhong et al., CVPR 2017; spec of AlignedReID §11), to the values of the dense algorithm and without its matrices of all items by all: of each item only its nearest are
/// held, and whom it counts among its own. All distances are computed once, a tile at a time; again, those of the few pairs that the expansion adds, and those of queries for which there was no room. The
/// published code squares whatever distance it is given, and so does this. Of equally near items the first come first.
/// </summary>
internal sealed class ReRanking
{
    private const int ItemsAtOnce = 256;
    private const int PairsAtOnce = 1 << 10;

    /// <summary>Of queries to the gallery: 64 MB, a few hundred rows at the sizes of the usual data sets.</summary>
    private const int DistancesAtOnce = 1 << 24;

    /// <summary>Likewise: 256 MB, all of Market-1501's, and an eighteenth of MSMT17's.</summary>
    private const int DistancesKept = 1 << 26;

    private readonly Mixture _mixture;
    private readonly float[] _farthest;
    private readonly QueryDistances _kept;
    private readonly NeighborWeights[] _queries;
    private readonly NeighborColumns _gallery;

    private ReRanking(Mixture mixture, QueryDistances kept, float[] farthest, NeighborWeights[] weights, int queries)
    {
        (_mixture, _kept, _farthest) = (mixture, kept, farthest);
        _queries = weights[..queries];
        _gallery = new NeighborColumns(weights.AsSpan(queries), weights.Length);
    }

    /// <param name="all">Queries in front of the gallery.</param>
    /// <param name="beat">Is called after every piece of work.</param>
    /// <param name="distancesKept">Of queries to the gallery, at most so many.</param>
    public static ReRanking Of(
        ItemDistances all, int queries, DistanceMetric metric, ReRankingSpec spec, Action? beat, CancellationToken stop, int distancesKept = DistancesKept)
    {
        var mixture = new Mixture(metric, spec);
        var known = Math.Min(mixture.IsFastReid ? spec.K1 : spec.K1 + 1, all.Count);
        var half = Math.Min((int)Math.Round(spec.K1 / 2.0, MidpointRounding.ToEven) + 1, known);
        var averaged = Math.Min(spec.K2, mixture.IsFastReid ? known : all.Count);
        var kept = new QueryDistances(queries, all.Count - queries, distancesKept);
        var nearest = NearestItems.Find(all with { Onward = stopping => kept.Kept(all.Onward(stopping)) }, Math.Max(known, averaged), mixture.Square, beat, stop);
        var neighbors = KReciprocalNeighbors.Of(nearest, known, half, stop);
        var weights = Weights(all, nearest, neighbors, mixture, beat, stop);
        if (averaged > 1)
        {
            var own = weights;
            weights = new NeighborWeights[all.Count];
            Parallel.For(0, all.Count, new ParallelOptions { CancellationToken = stop }, item => weights[item] = NeighborWeights.Mean(nearest.Of(item, averaged), own));
        }

        var reRanking = new ReRanking(mixture, kept, nearest.Farthest, weights, queries);
        Parallel.For(0, kept.Count, new ParallelOptions { CancellationToken = stop }, query => reRanking.Apply(query, kept.Row(query)));
        beat?.Invoke();
        return reRanking;
    }

    /// <summary>Of the queries to the gallery.</summary>
    /// <param name="all">Queries in front of the gallery.</param>
    public IEnumerable<DistanceTile> Tiles(ComparableFeatures all, CancellationToken stop)
    {
        foreach (var tile in _kept.Tiles(DistancesAtOnce))
        {
            stop.ThrowIfCancellationRequested();
            yield return tile;
        }

        foreach (var tile in DistanceTiles.Of(all, _kept.Count, _queries.Length, all, _queries.Length, Math.Min(DistancesAtOnce, all.DistancesPerTile), stop))
        {
            Parallel.For(0, tile.Count, row => Apply(tile.First + row, tile.Row(row)));
            yield return tile;
        }
    }

    /// <summary>Of one query to the gallery, what the distances become.</summary>
    public void Apply(int query, Span<float> distances_G)
    {
        var shared = new float[distances_G.Length];
        _gallery.AddShared(_queries[query], shared);
        for (var item = 0; item < distances_G.Length; item++)
        {
            distances_G[item] = _mixture.Of(1 - (shared[item] / (2 - shared[item])), distances_G[item], _farthest[query]);
        }
    }

    private static NeighborWeights[] Weights(ItemDistances all, NearestItems nearest, int[][] neighbors, Mixture mixture, Action? beat, CancellationToken stop)
    {
        var weights = new NeighborWeights[all.Count];
        foreach (var items in Enumerable.Range(0, all.Count).Chunk(ItemsAtOnce))
        {
            stop.ThrowIfCancellationRequested();
            var squared = Array.ConvertAll(items, item => new float[neighbors[item].Length]);
            var far = new List<(int Row, int Place)>();
            Parallel.For(0, items.Length, row =>
            {
                for (var place = 0; place < squared[row].Length; place++)
                {
                    squared[row][place] = nearest.Squared(items[row], neighbors[items[row]][place]) ?? float.NaN;
                }
            });
            for (var row = 0; row < items.Length; row++)
            {
                for (var place = 0; place < squared[row].Length; place++)
                {
                    if (float.IsNaN(squared[row][place]))
                    {
                        far.Add((row, place));
                    }
                }
            }

            foreach (var pairs in far.Chunk(PairsAtOnce))
            {
                var distances = all.Pairs(Array.ConvertAll(pairs, pair => items[pair.Row]), Array.ConvertAll(pairs, pair => neighbors[items[pair.Row]][pair.Place]));
                foreach (var (i, (row, place)) in pairs.Index())
                {
                    squared[row][place] = mixture.Squared(distances[i]);
                }
            }

            Parallel.For(0, items.Length, row =>
            {
                var scale = mixture.ScaleOf(nearest.Farthest[items[row]]);
                weights[items[row]] = NeighborWeights.Of(neighbors[items[row]], Array.ConvertAll(squared[row], distance => distance / scale));
            });

            beat?.Invoke();
        }

        return weights;
    }

    /// <summary>How squares are scaled, and what of the original distance is mixed in.</summary>
    private sealed class Mixture(DistanceMetric metric, ReRankingSpec spec)
    {
        public bool IsFastReid { get; } = spec.Form == ReRankingForm.FastReid;

        /// <summary>fast-reid takes Euclidean distances of unit vectors where it mixes in 1 − cosine, and their square is twice that.</summary>
        public float Squared(float distance) => IsFastReid && metric == DistanceMetric.Cosine ? 2 * distance : distance * distance;

        /// <summary>The same of many.</summary>
        public void Square(Span<float> distances)
        {
            var at = 0;
            for (; at <= distances.Length - Vector<float>.Count; at += Vector<float>.Count)
            {
                var several = new Vector<float>(distances[at..]);
                (IsFastReid && metric == DistanceMetric.Cosine ? several * 2 : several * several).CopyTo(distances[at..]);
            }

            for (; at < distances.Length; at++)
            {
                distances[at] = Squared(distances[at]);
            }
        }

        public float ScaleOf(float farthest) => IsFastReid || farthest == 0 ? 1 : farthest;

        public float Of(float jaccard, float distance, float farthest)
        {
            var original = IsFastReid && metric == DistanceMetric.Cosine ? distance : distance * distance / ScaleOf(farthest);
            return (float)(((1 - spec.Lambda) * Math.Max(0, jaccard)) + (spec.Lambda * original));
        }
    }
}
