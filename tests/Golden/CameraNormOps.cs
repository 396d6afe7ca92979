using ReidCloud.Datasets;
using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Evaluation;
using ReidCloud.GpuRunner.Models;
using ReidCloud.Specs;
using TorchSharp;
using static TorchSharp.torch;

namespace ReidCloud.Tests.Golden;

/// <summary>Camera-based batch normalisation in testing: statistics of each camera and the features by them, distances, and ranking.</summary>
internal static class CameraNormOps
{
    private static readonly Rgb Middle = new(128 / 255.0, 128 / 255.0, 128 / 255.0);
    private static readonly Rgb Quarter = new(64 / 255.0, 64 / 255.0, 64 / 255.0);

    /// <summary>The mini-batches are given, so they are not drawn here; everything else is the product's.</summary>
    public static IReadOnlyDictionary<string, GoldenTensor> Eval(GoldenCase given)
    {
        var (frames, cameras, items) = Frames(given);
        using var scope = NewDisposeScope();
        using var model = CameraNormModels.Filled(identities: 1);
        var input = new InputSpec((int)given["images.0"].Shape[2], (int)given["images.0"].Shape[3]) { Mean = Middle, Deviation = Quarter };
        using var cache = FrameCache.Create(frames.Count, frames[0].Length, long.MaxValue, "", (frame, bytes) => frames[frame].CopyTo(bytes));
        var sources = frames.Select((_, frame) => new FrameSource($"{frame}", 0, 0, 0, 0, FrameEncoding.Stored, 0)).ToList();
        var extractor = new EmbeddingExtractor(model, input, cache, sources, CPU) { AfterNeck = true, AddMirrored = given.Flag("flip") };
        var byCamera = new CameraEmbedding(model, extractor, new CameraStatisticsSpec { Mirrored = given.Flag("flip") }, input, cache, CPU);
        using var kept = new KeptStatistics(cameras.Select(camera => camera.Camera).ToHashSet());
        using var embedded = byCamera.Extract(cameras, items, kept, _ => { }, CancellationToken.None);

        var results = new Dictionary<string, GoldenTensor>();
        foreach (var camera in cameras)
        {
            kept[camera.Camera].PutInto(model);
            int[] theirs = [.. items.Index().Where(item => item.Item.Sighting.Camera == camera.Camera).Select(item => item.Index)];
            using var features = embedded.Only(theirs);
            results[$"running_mean.{camera.Camera}"] = Statistics(model, "running_mean");
            results[$"running_var.{camera.Camera}"] = Statistics(model, "running_var");
            results[$"features.{camera.Camera}"] = GoldenTensors.From(given.Flag("normalize") ? Distances.Prepare(features.Embedding_ND, DistanceMetric.Cosine) : features.Embedding_ND);
            results["num_batches_tracked"] = GoldenTensor.Of([Entries(model, "num_batches_tracked").Select(value => value.item<long>()).Distinct().Single()]);
        }

        return results;
    }

    public static IReadOnlyDictionary<string, GoldenTensor> Distance(GoldenCase given)
    {
        using var scope = NewDisposeScope();
        var distances = Distances.Between(GoldenTensors.Of(given["x"]), GoldenTensors.Of(given["y"]), DistanceMetric.Euclidean);
        return new Dictionary<string, GoldenTensor> { ["distmat"] = GoldenTensors.From(distances.to(float64).square()) };
    }

    /// <summary>A gallery shorter than the curve is none of these cases.</summary>
    public static IReadOnlyDictionary<string, GoldenTensor> Evaluate(GoldenCase given)
    {
        var (queries, gallery) = (Sightings(given, "q_pids", "q_camids"), Sightings(given, "g_pids", "g_camids"));
        var figures = new RetrievalFigures(gallery.Length, given.Int("max_rank"));
        foreach (var ranks in Ranking.RankAll(given["distmat"].F32, queries, new GalleryIndex(gallery), RetrievalProtocol.CrossCamera))
        {
            figures.Add(ranks);
        }

        var metrics = figures.Of(RetrievalSetting.ImageToImage, seed: 1);
        return new Dictionary<string, GoldenTensor> { ["cmc"] = GoldenTensor.Of([.. metrics.Cmc]), ["map"] = GoldenTensor.Of([metrics.MapStandard]) };
    }

    /// <summary>All pictures as frames. The cameras' items take turns, so that the order they are embedded in is not theirs.</summary>
    private static (List<byte[]> Frames, List<CameraBatches> Cameras, List<RetrievalItem> Items) Frames(GoldenCase given)
    {
        var (frames, cameras, items) = (new List<byte[]>(), new List<CameraBatches>(), new List<(int Turn, RetrievalItem Item)>());
        for (var camera = 0; camera < given.Int("cameras"); camera++)
        {
            var (gathered, first) = (given[$"bn_images.{camera}"], frames.Count);
            frames.AddRange(Pictures(gathered));
            cameras.Add(new CameraBatches(camera, frames.Count - first, IsSmall: false, [.. Enumerable.Range(first, frames.Count - first).Chunk((int)gathered.Shape[1])]));
            foreach (var (turn, picture) in Pictures(given[$"images.{camera}"]).Index())
            {
                items.Add((turn, new RetrievalItem([frames.Count], new Sighting(0, camera))));
                frames.Add(picture);
            }
        }

        return (frames, cameras, [.. items.OrderBy(item => item.Turn).Select(item => item.Item)]);
    }

    /// <summary>From planes to interleaved bytes.</summary>
    private static IEnumerable<byte[]> Pictures(GoldenTensor images)
    {
        using var scope = NewDisposeScope();
        var images_NHWC = GoldenTensors.Of(images).view(-1, images.Shape[^3], images.Shape[^2], images.Shape[^1]).permute(0, 2, 3, 1).contiguous();
        return [.. images_NHWC.bytes.ToArray().Chunk((int)(images.Shape[^3] * images.Shape[^2] * images.Shape[^1]))];
    }

    private static GoldenTensor Statistics(ReidModel model, string statistic) =>
        GoldenTensor.Of([.. Entries(model, statistic).SelectMany(value => value.data<float>().ToArray())]);

    private static IEnumerable<Tensor> Entries(ReidModel model, string name) =>
        model.State().Where(entry => entry.Name.EndsWith($".{name}", StringComparison.Ordinal)).Select(entry => entry.Value);

    private static Sighting[] Sightings(GoldenCase given, string identities, string cameras) =>
        [.. given[identities].I64.Zip(given[cameras].I64, (identity, camera) => new Sighting((int)identity, (int)camera))];
}
