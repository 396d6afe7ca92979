using ReidCloud.Datasets;
using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Evaluation;
using ReidCloud.Specs;

namespace ReidCloud.Tests.GpuRunner.Evaluation;

/// <summary>The slow, obvious way to count by every definition: sort the whole gallery, strike out, walk down the list; look at every pair.</summary>
internal sealed class RetrievalOracle(float[] distances_QG, Sighting[] queries, Sighting[] gallery, RetrievalProtocol protocol)
{
    public bool IsJunk(int query, int item) => queries[query].Identity == gallery[item].Identity && protocol switch
    {
        RetrievalProtocol.CrossCamera => queries[query].Camera == gallery[item].Camera,
        RetrievalProtocol.Atrw => queries[query].Camera == gallery[item].Camera && Math.Abs(queries[query].Time!.Value - gallery[item].Time!.Value) <= 3,
        _ => queries[query].Content == gallery[item].Content,
    };

    public bool IsMatch(int query, int item) => queries[query].Identity != Tracklet.Distractor && queries[query].Identity == gallery[item].Identity && !IsJunk(query, item);

    private float At(int query, int item) => distances_QG[(query * gallery.Length) + item];

    public List<int> List(int query) => [.. Enumerable.Range(0, gallery.Length).OrderBy(item => At(query, item)).Where(item => !IsJunk(query, item))];

    /// <summary>Means over the queries with a match; the curves are as long as asked.</summary>
    public (int WithMatch, double Trapezoidal, double Standard, double Minp, double[] Cmc) Usual(int longest)
    {
        List<(double Trapezoidal, double Standard, double Minp, double[] Cmc)> all = [];
        for (var query = 0; query < queries.Length; query++)
        {
            var hits = List(query).Select(item => IsMatch(query, item)).ToList();
            if (!hits.Contains(true))
            {
                continue;
            }

            var (found, trapezoids, steps, before, hardest) = (0, 0.0, 0.0, 1.0, 0);
            for (var rank = 1; rank <= hits.Count; rank++)
            {
                found += hits[rank - 1] ? 1 : 0;
                var precision = (double)found / rank;
                if (hits[rank - 1])
                {
                    (trapezoids, steps, hardest) = (trapezoids + ((before + precision) / 2), steps + precision, rank);
                }

                before = precision;
            }

            all.Add((trapezoids / found, steps / found, (double)found / hardest, [.. Enumerable.Range(1, longest).Select(rank => hits.Take(rank).Contains(true) ? 1.0 : 0)]));
        }

        return all.Count == 0
            ? (0, 0, 0, 0, new double[longest])
            : (all.Count, all.Average(one => one.Trapezoidal), all.Average(one => one.Standard), all.Average(one => one.Minp),
                [.. Enumerable.Range(0, longest).Select(rank => all.Average(one => one.Cmc[rank]))]);
    }

    /// <summary>Area under precision over recall by scikit-learn's points: one for each distinct distance, and (0, 1) in front.</summary>
    public (double Trapezoidal, double Standard) ByThreshold()
    {
        List<(double Trapezoidal, double Standard)> all = [];
        for (var query = 0; query < queries.Length; query++)
        {
            var list = List(query);
            var total = list.Count(item => IsMatch(query, item));
            if (total == 0)
            {
                continue;
            }

            var (recall, precision, trapezoids, steps) = (0.0, 1.0, 0.0, 0.0);
            foreach (var threshold in list.Select(item => At(query, item)).Distinct())
            {
                var taken = list.Where(item => At(query, item) <= threshold).ToList();
                var found = taken.Count(item => IsMatch(query, item));
                var (nextRecall, nextPrecision) = ((double)found / total, (double)found / taken.Count);
                trapezoids += (nextRecall - recall) * (precision + nextPrecision) / 2;
                steps += (nextRecall - recall) * nextPrecision;
                (recall, precision) = (nextRecall, nextPrecision);
            }

            all.Add((trapezoids, steps));
        }

        return all.Count == 0 ? default : (all.Average(one => one.Trapezoidal), all.Average(one => one.Standard));
    }

    public double[] Cmc(CmcSpec definition, int longest, long seed)
    {
        List<double[]> all = [];
        for (var query = 0; query < queries.Length; query++)
        {
            var list = List(query).Where(item => !definition.SeparateCameraSet || gallery[item].Camera != queries[query].Camera).ToList();
            if (!list.Any(item => IsMatch(query, item)))
            {
                continue;
            }

            var bins = new double[longest];
            var draws = Seeding.Stream(seed, "single-gallery-shot", query);
            var repeats = definition.SingleGalleryShot ? definition.Repeats : 1;
            for (var repeat = 0; repeat < repeats; repeat++)
            {
                var shown = list;
                if (definition.SingleGalleryShot)
                {
                    var drawn = list.GroupBy(item => gallery[item].Identity).OrderBy(group => group.Key).Select(group => group.ElementAt(draws.NextInt(group.Count()))).ToHashSet();
                    shown = [.. list.Where(drawn.Contains)];
                }

                List<int> ranks = [.. Enumerable.Range(0, shown.Count).Where(rank => IsMatch(query, shown[rank]))];
                for (var match = 0; match < ranks.Count && (match == 0 || !definition.FirstMatchBreak); match++)
                {
                    if (ranks[match] - match < longest)
                    {
                        bins[ranks[match] - match] += 1.0 / repeats / (definition.FirstMatchBreak ? 1 : ranks.Count);
                    }
                }
            }

            all.Add([.. Enumerable.Range(1, longest).Select(rank => bins.Take(rank).Sum())]);
        }

        return [.. Enumerable.Range(0, longest).Select(rank => all.Count == 0 ? 0 : all.Average(curve => curve[rank]))];
    }

    /// <summary>Tries every threshold there is; null without pairs of both kinds.</summary>
    public double? TruePositiveRate(double falsePositiveRate)
    {
        var pairs = (from query in Enumerable.Range(0, queries.Length)
                     from item in Enumerable.Range(0, gallery.Length)
                     where !IsJunk(query, item)
                     select (Distance: At(query, item), IsEqual: IsMatch(query, item))).ToList();
        var (equal, different) = (pairs.Count(pair => pair.IsEqual), pairs.Count(pair => !pair.IsEqual));
        return equal == 0 || different == 0 ? null
            : pairs.Select(pair => pair.Distance).Prepend(float.NegativeInfinity)
                .Where(threshold => pairs.Count(pair => !pair.IsEqual && pair.Distance <= threshold) <= (decimal)falsePositiveRate * different)
                .Max(threshold => pairs.Count(pair => pair.IsEqual && pair.Distance <= threshold) / (double)equal);
    }
}
