using ReidCloud.Datasets;
using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Evaluation;
using ReidCloud.Reports;
using ReidCloud.Specs;
using TorchSharp;

namespace ReidCloud.Tests.Golden;

/// <summary>Frames, distances, ranking and the retrieval protocol.</summary>
public static class EvaluationOps
{
    public static IReadOnlyDictionary<string, GoldenTensor> Evaluate(GoldenCase given)
    {
        var (queries, gallery) = (Sightings(given, "q_pids", "q_camids"), Sightings(given, "g_pids", "g_camids"));
        var figures = new RetrievalFigures(gallery.Length);
        var wrong = new List<long>();
        var ranked = Ranking.RankAll(given["distmat"].F32, queries, new GalleryIndex(gallery), RetrievalProtocol.CrossCamera);
        for (var query = 0; query < queries.Length; query++)
        {
            figures.Add(ranked[query]);
            var nearest = ranked[query].Nearest;
            if (ranked[query].HasMatch && gallery[nearest].Identity != queries[query].Identity)
            {
                wrong.AddRange([query, nearest]);
            }
        }

        var metrics = figures.Of(RetrievalSetting.VideoToVideo, seed: 1);
        return new Dictionary<string, GoldenTensor>
        {
            ["cmc"] = GoldenTensor.Of([.. metrics.Cmc]),
            ["map"] = GoldenTensor.Of([metrics.MapTrapezoidal]),
            ["wrong"] = GoldenTensor.Of(wrong.ToArray(), wrong.Count / 2, 2),
        };
    }

    public static IReadOnlyDictionary<string, GoldenTensor> Distance(GoldenCase given)
    {
        using var scope = torch.NewDisposeScope();
        var (x, y) = (torch.tensor(given["x"].F32, given["x"].Shape), torch.tensor(given["y"].F32, given["y"].Shape));
        var distances = Distances.Between(x, y, DistanceMetric.Cosine);
        if (given.Text("metric") != "cosine")
        {
            // It leaves the features as long as they are.
            var lengths = x.to(torch.float64).norm(1, keepdim: true) * y.to(torch.float64).norm(1, keepdim: true).t();
            distances = (1 - ((1 - distances.to(torch.float64)) * lengths)).to(torch.float32);
        }

        return new Dictionary<string, GoldenTensor> { ["distmat"] = GoldenTensor.Of(distances.data<float>().ToArray(), distances.shape) };
    }

    public static IReadOnlyDictionary<string, GoldenTensor> Protocol(GoldenCase given)
    {
        using var scope = torch.NewDisposeScope();
        using var embedded = new RetrievalEmbeddings();
        var spec = new EvaluationSpec { GalleryIncludesQueries = given.Flag("augment_gallery") };
        foreach (var (name, split, medium) in (ReadOnlySpan<(string, Split, Medium)>)
            [("q_vid", Split.Query, Medium.Video), ("q_img", Split.Query, Medium.Image), ("g_vid", Split.Gallery, Medium.Video), ("g_img", Split.Gallery, Medium.Image)])
        {
            var features = given[$"{name}.feat"];
            embedded.Add(ItemSet.Of(split, medium, spec.Frames), new EmbeddingSet(torch.tensor(features.F32, features.Shape), Sightings(given, $"{name}.pid", $"{name}.cam")));
        }

        var outputs = new Dictionary<string, GoldenTensor>();
        List<(string Name, RetrievalSetting Setting)> settings = [("v2v", RetrievalSetting.VideoToVideo), ("i2v", RetrievalSetting.ImageToVideo)];
        if (given.Flag("x2i"))
        {
            settings.AddRange([("v2i", RetrievalSetting.VideoToImage), ("i2i", RetrievalSetting.ImageToImage)]);
        }

        foreach (var (name, setting) in settings)
        {
            SettingMetrics metrics = embedded.Search(
                setting,
                spec,
                spec.Frames,
                (queries, gallery) => new Retrieval(spec, seed: 1).Measure(setting, new RetrievalVariant(), SearchedRows.Of(queries, gallery, FeatureDistance.Of(spec))).Metrics);
            outputs[$"{name}.cmc"] = GoldenTensor.Of([.. metrics.Cmc]);
            outputs[$"{name}.map"] = GoldenTensor.Of([metrics.MapTrapezoidal]);
        }

        return outputs;
    }

    public static IReadOnlyDictionary<string, GoldenTensor> Frames(GoldenCase given)
    {
        var (lengths, views) = (given["length"].I64, given.Int("num_images"));
        var frames = lengths.SelectMany(length => ViewSelections.Spread((int)length, views)).Select(frame => (long)frame).ToArray();
        return new Dictionary<string, GoldenTensor> { ["index"] = GoldenTensor.Of(frames, lengths.Length, views) };
    }

    private static Sighting[] Sightings(GoldenCase given, string identities, string cameras) =>
        [.. given[identities].I64.Zip(given[cameras].I64, (identity, camera) => new Sighting((int)identity, (int)camera))];
}
