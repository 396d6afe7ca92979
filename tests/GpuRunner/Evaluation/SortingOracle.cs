using ReidCloud.Datasets;
using ReidCloud.GpuRunner.Evaluation;

namespace ReidCloud.Tests.GpuRunner.Evaluation;

/// <summary>The slow, obvious way to measure retrieval: sort everything, strike out junk, walk down the list.</summary>
internal static class SortingOracle
{
    internal sealed record Figures(
        int[][] Ranks, int[] Nearest, int WithMatch, double Trapezoidal, double Standard, double Minp, double[] Cmc);

    public static Figures Measure(float[] distances, Sighting[] queries, Sighting[] gallery)
    {
        var ranks = new int[queries.Length][];
        var nearest = new int[queries.Length];
        List<(double Trapezoidal, double Standard, double Minp, double[] Cmc)> valid = [];
        for (var q = 0; q < queries.Length; q++)
        {
            var query = queries[q];
            var list = Enumerable.Range(0, gallery.Length)
                .OrderBy(item => distances[(q * gallery.Length) + item])
                .Where(item => !(gallery[item].Identity == query.Identity && gallery[item].Camera == query.Camera))
                .ToList();
            nearest[q] = list.Count == 0 ? -1 : list[0];
            var hits = list.Select(item => query.Identity != Tracklet.Distractor && gallery[item].Identity == query.Identity).ToList();
            ranks[q] = [.. Enumerable.Range(0, hits.Count).Where(rank => hits[rank])];
            if (ranks[q].Length > 0)
            {
                valid.Add(One(hits, Math.Min(50, gallery.Length)));
            }
        }

        return new Figures(
            ranks,
            nearest,
            valid.Count,
            valid.Count == 0 ? 0 : valid.Average(one => one.Trapezoidal),
            valid.Count == 0 ? 0 : valid.Average(one => one.Standard),
            valid.Count == 0 ? 0 : valid.Average(one => one.Minp),
            [.. Enumerable.Range(0, Math.Min(50, gallery.Length)).Select(rank => valid.Count == 0 ? 0 : valid.Average(one => one.Cmc[rank]))]);
    }

    private static (double Trapezoidal, double Standard, double Minp, double[] Cmc) One(List<bool> hits, int longest)
    {
        var total = hits.Count(hit => hit);
        var (found, area, sum, lastPrecision, hardest) = (0, 0.0, 0.0, 1.0, 0);
        for (var rank = 0; rank < hits.Count; rank++)
        {
            if (hits[rank])
            {
                found++;
                var precision = (double)found / (rank + 1);
                area += (lastPrecision + precision) / 2;
                sum += precision;
                hardest = rank + 1;
            }

            lastPrecision = (double)found / (rank + 1);
        }

        var cmc = Enumerable.Range(0, longest).Select(rank => hits.Take(rank + 1).Any(hit => hit) ? 1.0 : 0).ToArray();
        return (area / total, sum / total, (double)total / hardest, cmc);
    }
}
