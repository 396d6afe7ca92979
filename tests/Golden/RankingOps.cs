using ReidCloud.Datasets;
using ReidCloud.GpuRunner.Evaluation;
using ReidCloud.Specs;

namespace ReidCloud.Tests.Golden;

/// <summary>
/// CMC, average precision and ROC by the rules of five programs. Where a program presents a figure otherwise than the product does, its presentation stands here: what is counted, and
/// how, is the product's.
/// </summary>
internal static class RankingOps
{
    public static IReadOnlyDictionary<string, GoldenTensor> CmcAndMap(GoldenCase given) => given.Text("rule") switch
    {
        "market1501" or "fastreid" => Usual(given),
        "cuhk03" => Cuhk03(given),
        "openreid" => OpenReid(given),
        "mars" => Mars(given),
        var other => throw new NotSupportedException($"no rule '{other}' is known"),
    };

    /// <summary>
    /// fast-reid calls a pair of different people positive, and its score the distance: what it draws is the product's count of nearer pairs, seen from the other side.
    /// </summary>
    public static IReadOnlyDictionary<string, GoldenTensor> Roc(GoldenCase given)
    {
        var search = Search.Of(given);
        List<(float Distance, bool IsEqual)> equal = [], different = [];
        foreach (var (query, sighting) in search.Queries.Index())
        {
            var row = search.Row(query);
            foreach (var item in RankOrder.Of(row, sighting, search.Gallery, RetrievalProtocol.CrossCamera))
            {
                var isEqual = search.Gallery[item].Matches(sighting, RetrievalProtocol.CrossCamera);
                (isEqual ? equal : different).Add((row[item], isEqual));
            }
        }

        List<(float Distance, bool IsEqual)> all = [.. equal, .. different];
        var counts = new PairCounts();
        all.ForEach(pair => counts.Add(pair.Distance, pair.IsEqual));
        all.ForEach(pair => counts.Look(pair.Distance));
        all.ForEach(pair => counts.AddAgain(pair.Distance, pair.IsEqual));

        // From the largest threshold to the smallest: so many are at least that far. Points on a line are left out.
        var nearer = all.Select(pair => pair.Distance).Distinct().OrderDescending().Select(counts.NearerThan).ToList();
        var points = nearer.Select(below => (Equal: equal.Count - below.Equal, Different: different.Count - below.Different)).ToList();
        var corners = points.Where((point, i) => i == 0 || i == points.Count - 1
            || points[i + 1].Equal - (2 * point.Equal) + points[i - 1].Equal != 0
            || points[i + 1].Different - (2 * point.Different) + points[i - 1].Different != 0).Prepend((Equal: 0, Different: 0)).ToList();
        double[] fpr = [.. corners.Select(point => point.Equal / (double)equal.Count)], tpr = [.. corners.Select(point => point.Different / (double)different.Count)];
        return new Dictionary<string, GoldenTensor>
        {
            ["scores"] = GoldenTensor.Of([.. all.Select(pair => (double)pair.Distance)]),
            ["labels"] = GoldenTensor.Of([.. all.Select(pair => pair.IsEqual ? (byte)0 : (byte)1)]),
            ["fpr"] = GoldenTensor.Of(fpr),
            ["tpr"] = GoldenTensor.Of(tpr),
            ["tpr_at_fpr"] = GoldenTensor.Of([.. given.Params.GetProperty("fpr").EnumerateArray().Select(rate =>
                tpr[Array.IndexOf(fpr, fpr.MinBy(found => Math.Abs(found - rate.GetDouble())))])]),
        };
    }

    private static Dictionary<string, GoldenTensor> Usual(GoldenCase given)
    {
        var search = Search.Of(given);
        var (figures, ranks) = search.Measure(given.Int("max_rank"));
        var metrics = figures.Of(RetrievalSetting.ImageToImage, seed: 1);
        var valid = ranks.Where(query => query.HasMatch).ToList();
        return new()
        {
            ["cmc"] = GoldenTensor.Of([.. metrics.Cmc]),
            ["map"] = GoldenTensor.Of([metrics.MapStandard]),
            ["minp"] = GoldenTensor.Of([metrics.Minp]),
            ["ap"] = GoldenTensor.Of([.. valid.Select(query => query.StandardPrecision())]),
            ["inp"] = GoldenTensor.Of([.. valid.Select(query => query.InverseNegativePenalty())]),
            ["valid"] = Flags(ranks.Select(query => query.HasMatch)),
        };
    }

    /// <summary>The first protocol of CUHK03 is a gallery of one image an identity, and the first match.</summary>
    private static Dictionary<string, GoldenTensor> Cuhk03(GoldenCase given)
    {
        var search = Search.Of(given);
        var (figures, _) = search.Measure(given.Int("max_rank"));
        var length = Math.Min(given.Int("max_rank"), search.Gallery.Select(item => item.Identity).Distinct().Count());
        var curve = new CmcByDefinition(new CmcSpec(false, SingleGalleryShot: true, FirstMatchBreak: true, given.Int("repeats")), length);
        search.Add(curve, given);
        return new() { ["cmc"] = GoldenTensor.Of([.. curve.Cmc]), ["map"] = GoldenTensor.Of([figures.Of(RetrievalSetting.ImageToImage, seed: 1).MapStandard]) };
    }

    private static Dictionary<string, GoldenTensor> OpenReid(GoldenCase given)
    {
        var search = Search.Of(given);
        var (figures, ranks) = search.Measure(longest: 1);
        var definition = new CmcSpec(given.Flag("separate_camera_set"), given.Flag("single_gallery_shot"), given.Flag("first_match_break"), given.Int("repeats"));
        var curve = new CmcByDefinition(definition, given.Int("topk"));
        var curves = search.Add(curve, given);

        // The published code forgets to divide by the repeats where it counts the first match of each.
        var scale = definition is { SingleGalleryShot: true, FirstMatchBreak: true } ? definition.Repeats : 1;
        var none = new double[given.Int("topk")];
        var precision = ranks.Select(query => query.HasMatch ? query.ThresholdPrecision() : default).ToList();
        return new()
        {
            ["cmc"] = GoldenTensor.Of([.. curve.Cmc.Select(share => share * scale)]),
            ["cmc_per_query"] = GoldenTensor.Of([.. curves.SelectMany(query => query ?? none).Select(share => share * scale)], curves.Count, none.Length),
            ["valid"] = Flags(curves.Select(query => query is not null)),
            ["ap_trapezoid"] = GoldenTensor.Of([.. precision.Select(query => query.Trapezoidal)]),
            ["ap_step"] = GoldenTensor.Of([.. precision.Select(query => query.Standard)]),
            ["ap_valid"] = Flags(ranks.Select(query => query.HasMatch)),
            ["map_trapezoid"] = GoldenTensor.Of([figures.Ties.MapTrapezoidal]),
            ["map_step"] = GoldenTensor.Of([figures.Ties.MapStandard]),
        };
    }

    /// <summary>Its layout leaves out junk (identity −1); its figures are shares of all queries, those without a match too, and its curve is as long as the gallery with junk.</summary>
    private static Dictionary<string, GoldenTensor> Mars(GoldenCase given)
    {
        var whole = Search.Of(given);
        var search = whole.Without(item => whole.Gallery[item].Identity == -1);
        var (figures, ranks) = search.Measure(longest: whole.Gallery.Length);
        var metrics = figures.Of(RetrievalSetting.VideoToVideo, seed: 1);
        var share = (double)metrics.QueriesWithMatch / metrics.Queries;
        return new()
        {
            ["cmc"] = GoldenTensor.Of([.. Enumerable.Range(0, whole.Gallery.Length).Select(rank => share * metrics.Cmc[Math.Min(rank, metrics.Cmc.Count - 1)])]),
            ["ap"] = GoldenTensor.Of([.. ranks.Select(query => query.HasMatch ? query.TrapezoidalPrecision() : 0)]),
            ["map"] = GoldenTensor.Of([metrics.MapTrapezoidal * share]),
        };
    }

    private static GoldenTensor Flags(IEnumerable<bool> flags) => GoldenTensor.Of([.. flags.Select(flag => flag ? (byte)1 : (byte)0)]);

    /// <summary>Distances, and who is who.</summary>
    private sealed record Search(float[] Distances_QG, Sighting[] Queries, Sighting[] Gallery)
    {
        public static Search Of(GoldenCase given) => new(given["dist"].F32, Sightings(given, "query"), Sightings(given, "gallery"));

        public float[] Row(int query) => Distances_QG[(query * Gallery.Length)..((query + 1) * Gallery.Length)];

        public Search Without(Func<int, bool> isJunk)
        {
            int[] kept = [.. Enumerable.Range(0, Gallery.Length).Where(item => !isJunk(item))];
            return new([.. Queries.SelectMany((_, query) => Array.ConvertAll(kept, item => Row(query)[item]))], Queries, Array.ConvertAll(kept, item => Gallery[item]));
        }

        public (RetrievalFigures Figures, QueryRanks[] Ranks) Measure(int longest)
        {
            var figures = new RetrievalFigures(Gallery.Length, longest);
            var ranks = Ranking.RankAll(Distances_QG, Queries, new GalleryIndex(Gallery), RetrievalProtocol.CrossCamera);
            Array.ForEach(ranks, figures.Add);
            return (figures, ranks);
        }

        public List<double[]?> Add(CmcByDefinition curve, GoldenCase given)
        {
            int[] identities = [.. Gallery.Select(item => item.Identity).Distinct().Order()];
            var draws = given.Flag("draw") ? given["draw"] : null;
            List<double[]?> curves = [.. Queries.Select((sighting, query) => curve.Of(
                RankOrder.Of(Row(query), sighting, Gallery, RetrievalProtocol.CrossCamera),
                sighting,
                Gallery,
                (repeat, identity, count) => draws is null ? 0
                    : draws.U8[(((query * draws.Shape[1]) + repeat) * draws.Shape[2]) + Array.IndexOf(identities, identity)] % count))];
            curves.ForEach(curve.Add);
            return curves;
        }

        private static Sighting[] Sightings(GoldenCase given, string whose) =>
            [.. given[$"{whose}_ids"].I64.Zip(given[$"{whose}_cams"].I64, (identity, camera) => new Sighting((int)identity, (int)camera))];
    }
}
