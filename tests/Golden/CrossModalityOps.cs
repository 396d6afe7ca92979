using ReidCloud.Datasets;
using ReidCloud.GpuRunner.Evaluation;
using ReidCloud.Reports;
using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.Tests.Golden;

/// <summary>SYSU-MM01's and RegDB's protocols: the official Matlab program of the former, and what the authors' PyTorch code of MVD measures on both.</summary>
internal static class CrossModalityOps
{
    public static IReadOnlyDictionary<string, GoldenTensor> Sysu(GoldenCase given) => given.Text("variant") switch
    {
        "official" => Official(given),
        "image_level" => ImageLevel(given),
        var other => throw new NotSupportedException($"no variant '{other}' is known"),
    };

    /// <summary>Distances in double precision there, in single here: of drawn features none are so near that this changes an order.</summary>
    public static IReadOnlyDictionary<string, GoldenTensor> RegDb(GoldenCase given)
    {
        using var queries = new EmbeddingSet(GoldenTensors.Of(given["query"]), [.. given["query_ids"].I64.Select(id => new Sighting((int)id, 0))]);
        using var gallery = new EmbeddingSet(GoldenTensors.Of(given["gallery"]), [.. given["gallery_ids"].I64.Select(id => new Sighting((int)id, 1))]);
        var spec = new EvaluationSpec { Settings = [RetrievalSetting.ImageToImage], Protocol = RetrievalProtocol.CrossModality };
        var metrics = new Retrieval(spec, seed: 1).Measure(RetrievalSetting.ImageToImage, new RetrievalVariant(), SearchedRows.Of(queries, gallery, FeatureDistance.Of(spec))).Metrics;
        return Figures(metrics, given.Int("max_rank"));
    }

    private static Dictionary<string, GoldenTensor> Official(GoldenCase given)
    {
        var (ids, cams) = (given["ids"].I64, given["cams"].I64);
        var tested = given["test_ids"].I64.ToHashSet();
        Sighting[] all = [.. ids.Zip(cams, (id, cam) => new Sighting((int)id, (int)cam))];
        int[] Of(string cameras)
        {
            var named = given.Params.GetProperty(cameras).EnumerateArray().Select(camera => camera.GetInt32()).ToHashSet();
            return [.. all.Index().Where(item => named.Contains(item.Item.Camera) && tested.Contains(item.Item.Identity)).Select(item => item.Index)];
        }

        int[] rooms = [.. given.Params.GetProperty("places").EnumerateArray().Select(place => place.GetInt32())];
        using var set = new EmbeddingSet(GoldenTensors.Of(given["features"]), all);
        using var queries = set.Only(Of("probe_cams"));
        int[] visible = Of("gallery_cams");
        using var gallery = set.Only(visible);
        var (perm, trials) = (given["perm"].I64, (int)given["perm"].Shape[0]);
        (int, Sighting)[] candidates = [.. gallery.Sightings.Index()];
        TrialGallery[] drawn =
        [
            .. Enumerable.Range(0, trials).Select(trial => new TrialGallery(
                GalleryDraws.Ordered(candidates, Order(trial), given.Int("shots")),
                gallery.Sightings,
                camera => rooms[camera - 1])),
        ];

        // A group stands together, and at its k-th position stands which of its images is the k-th.
        int[] Order(int trial) =>
        [
            .. candidates.GroupBy(item => item.Item2).SelectMany(group => all.Index().Where(item => item.Item == group.Key)
                .Select(item => group.ElementAt((int)perm[(trial * all.Length) + item.Index]).Item1)),
        ];

        var spec = new EvaluationSpec { Settings = [RetrievalSetting.ImageToImage], Protocol = RetrievalProtocol.SysuMm01, Metric = DistanceMetric.Euclidean };
        SettingMetrics Measure(IReadOnlyList<TrialGallery> some) => new TrialRetrieval([new TrialForm(new RetrievalVariant(), some)], queries.Sightings, seed: 1)
            .Measure(RetrievalSetting.ImageToImage, SearchedRows.Of(queries, gallery, FeatureDistance.Of(spec)))[0].Metrics;
        List<SettingMetrics> each = [.. drawn.Select(trial => Measure([trial]))];
        var mean = Measure(drawn);
        return new()
        {
            ["cmc"] = GoldenTensor.Of([.. each.SelectMany(trial => trial.Cmc)], each.Count, each[0].Cmc.Count),
            ["map"] = GoldenTensor.Of([.. each.Select(trial => trial.MapStandard)]),
            ["cmc_mean"] = GoldenTensor.Of([.. mean.Cmc]),
            ["map_mean"] = GoldenTensor.Of([mean.MapStandard]),
        };
    }

    /// <summary>One gallery, all of it.</summary>
    private static Dictionary<string, GoldenTensor> ImageLevel(GoldenCase given)
    {
        Sighting[] Sightings(string whose) => [.. given[$"{whose}_ids"].I64.Zip(given[$"{whose}_cams"].I64, (id, cam) => new Sighting((int)id, (int)cam))];
        var (queries, gallery) = (Sightings("query"), Sightings("gallery"));
        var whole = new TrialGallery([.. Enumerable.Range(0, gallery.Length)], gallery, camera => camera == 3 ? 2 : camera);
        var metrics = new TrialRetrieval([new TrialForm(new RetrievalVariant(), [whole])], queries, seed: 1)
            .Measure(RetrievalSetting.ImageToImage, new SearchedRows(queries, gallery, _ => [new DistanceTile(0, queries.Length, given["dist"].F32)]))[0].Metrics;
        return Figures(metrics, given.Int("max_rank"));
    }

    private static Dictionary<string, GoldenTensor> Figures(SettingMetrics metrics, int ranks) => new()
    {
        ["cmc"] = GoldenTensor.Of([.. metrics.Cmc.Take(ranks)]),
        ["map"] = GoldenTensor.Of([metrics.MapStandard]),
        ["minp"] = GoldenTensor.Of([metrics.Minp]),
    };
}
