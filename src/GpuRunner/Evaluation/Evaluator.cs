using ReidCloud.Datasets;
using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Models;
using ReidCloud.Reports;
using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>
/// Measures a model on a data set by the protocol of VKD §7: queries and gallery are embedded once for all settings that need them, as images or as
/// videos, with batch-norm statistics of each camera where these are asked for, and ranked for each setting. For the curve of §8 the gallery is embedded again with each number of frames; queries stay as they are.
/// </summary>
internal sealed class Evaluator(DatasetManifest manifest, EvaluationSpec spec, InputSpec input, FrameCache frames, Device device)
{
    private static readonly ItemSet FurtherImages = ItemSet.Of(Split.MultiQuery, Medium.Image, 1);

    private readonly SettingItems _items = new(manifest, spec);

    /// <summary>The caller disposes what it gets.</summary>
    /// <param name="progress">Is told how many items are embedded, and frames looked at for camera statistics, and of how many.</param>
    /// <exception cref="BrokenModelException">The model's embeddings are no finite numbers.</exception>
    public ModelFigures Evaluate(ReidModel model, EvaluationExtras extras, Action<int, int> progress, CancellationToken stop)
    {
        var embedded = new RetrievalEmbeddings();
        ModelFigures? figures = null;
        try
        {
            figures = Measure(model, embedded, extras, progress, stop);
            return extras.KeepEmbeddings ? figures with { Embedded = embedded } : figures;
        }
        finally
        {
            if (figures is null || !extras.KeepEmbeddings)
            {
                embedded.Dispose();
            }
        }
    }

    private ModelFigures Measure(ReidModel model, RetrievalEmbeddings embedded, EvaluationExtras extras, Action<int, int> progress, CancellationToken stop)
    {
        var withModality = extras.KeepEmbeddings && spec.Protocol.IsAcrossModalities();
        ItemSet[] probed = extras.CameraBias || withModality ? [ItemSet.Of(Split.Query, Medium.Image, 1), ItemSet.Of(Split.Gallery, Medium.Image, 1)] : [];
        ItemSet[] needed = [.. Needed().Union(probed)];
        var others = extras.GalleryFrames.Where(count => count != spec.Frames).Select(count => (Count: count, Sets: Videos(count))).ToList();
        ItemSet[] all = [.. needed, .. others.SelectMany(other => other.Sets)];
        var cameras = all.ToDictionary(set => set, set => Cameras(set, extras.Seed));
        var total = all.Sum(set => _items.Of(set).Length + cameras[set].Sum(camera => camera.Gathered));
        var extractor = new EmbeddingExtractor(model, input, frames, manifest.Frames, device)
        {
            AfterNeck = spec.AfterNeck,
            AddMirrored = spec.AddMirrored,
            WithLocal = spec.Distances.Any(distance => distance != RetrievalDistance.Global),
        };
        var byCamera = spec.CameraStatistics is { } statistics ? new CameraEmbedding(model, extractor, statistics, input, frames, device) : null;
        var queries = _items.QuerySet(spec.Settings[0]);
        embedded.Statistics = byCamera is null ? null : new KeptStatistics(extras.KeptCameras);
        var done = 0;
        void Embed(ItemSet set)
        {
            var (items, before) = (_items.Of(set), done);
            void Tell(int now) => progress(before + now, total);
            embedded.Add(set, byCamera?.Extract(cameras[set], items, set == queries ? embedded.Statistics : null, Tell, stop) ?? extractor.Extract(items, Tell, stop));
            done += items.Length + cameras[set].Sum(camera => camera.Gathered);
        }

        Array.ForEach(needed, Embed);
        var settings = spec.Settings.SelectMany(setting => Measure(embedded, setting, extras, stop)).ToList();
        var (bias, modality, warnings) = probed.Length > 0 ? Probe(embedded, probed, extras, withModality, stop) : (null, null, []);
        var points = settings.Select(figures => figures.Metrics).Where(figures => figures.Variant is null && SearchesVideos(figures.Setting))
            .Select(figures => new GalleryCurvePoint(spec.Frames, figures)).ToList();
        foreach (var (count, sets) in others)
        {
            Array.ForEach(sets, Embed);
            points.AddRange(spec.Settings.Where(SearchesVideos).Select(setting => new GalleryCurvePoint(
                count,
                embedded.Search(setting, spec, count, (queries, gallery) => new Retrieval(spec, extras.Seed, extras.Beat).Measure(
                    setting, new RetrievalVariant(), SearchedRows.Of(queries, gallery, FeatureDistance.Of(spec) with { Device = device }), stop: stop)).Metrics)));
            Array.ForEach(sets, embedded.Drop);
        }

        return new ModelFigures(settings)
        {
            GalleryCurve = [.. extras.GalleryFrames.SelectMany(count => points.Where(point => point.Frames == count))],
            CameraBias = bias,
            ModalityBias = modality,
            Warnings = [.. settings.Select(figures => figures.Ties.Warning(figures.Metrics)).Concat(warnings).OfType<string>()],
            CameraStatistics = [.. all.SelectMany(set => cameras[set].Select(camera => Basis(set, camera)))],
            SmallCameras = spec.CameraStatistics is null ? [] : [.. all.Select(set => SmallCameraWarning.Of(spec.CameraStatistics, set, cameras[set], manifest.Cameras)).OfType<string>()],
        };
    }

    /// <summary>What the statistics of each camera in a set are to stand on; none where the model's own are used.</summary>
    private IReadOnlyList<CameraBatches> Cameras(ItemSet set, long seed) =>
        spec.CameraStatistics is { } statistics ? CameraBatches.Of(statistics, set, _items.Of(set), seed) : [];

    private CameraStatisticsBasis Basis(ItemSet set, CameraBatches camera) =>
        new(set.Title, manifest.Cameras[camera.Camera].Name, camera.Frames, camera.Batches.Count, camera.Batches.Count == 0 ? 0 : camera.Batches[0].Length);

    /// <summary>In all forms, each with a file of its distances where these are kept, and one table of the items.</summary>
    private List<SettingFigures> Measure(RetrievalEmbeddings embedded, RetrievalSetting setting, EvaluationExtras extras, CancellationToken stop)
    {
        extras.SaveFile?.Invoke(
            $"{extras.FilePrefix}distances-{NameConverterFactory.NameOf(setting)}.csv",
            stream => DistanceFile.WriteNames(stream, manifest, _items.Queries(setting), _items.Gallery(setting)));
        var retrieval = new Retrieval(spec, extras.Seed, extras.Beat);
        return embedded.Search(setting, spec, spec.Frames, (queries, gallery) =>
        {
            using var searches = new SettingSearches(spec, device, queries, gallery, spec.MultiQuery is null ? null : embedded[FurtherImages], extras.Beat, stop);
            using var reversed = new SettingSearches(spec, device, gallery, queries, null, extras.Beat, stop);
            return RetrievalForms.Of(spec, setting)
                .SelectMany(variant => (variant.Reversed ? reversed : searches).Do(variant, search => Measure(retrieval, setting, variant, search, extras, stop))).ToList();
        });
    }

    private IReadOnlyList<SettingFigures> Measure(
        Retrieval retrieval, RetrievalSetting setting, RetrievalVariant variant, SearchedRows search, EvaluationExtras extras, CancellationToken stop)
    {
        if (extras.SaveFile is not { } save)
        {
            return Measured(null);
        }

        IReadOnlyList<SettingFigures> figures = [];
        save($"{extras.FilePrefix}distances-{RetrievalVariant.NameOf(setting, variant).Replace('/', '-')}.safetensors", stream =>
        {
            DistanceFile.WriteHead(stream, setting, variant, spec, search.Queries, search.Gallery);
            figures = Measured(rows => DistanceFile.WriteRows(stream, rows.Span));
        });
        return figures;

        IReadOnlyList<SettingFigures> Measured(Action<ReadOnlyMemory<float>>? keep) => spec.Protocol == RetrievalProtocol.SysuMm01
            ? new TrialRetrieval(SysuGalleries.Of(spec, variant, manifest, _items.Gallery(setting)), search.Queries, extras.Seed, extras.Beat).Measure(setting, search, keep, stop)
            : [retrieval.Measure(setting, variant, search, keep, stop)];
    }

    /// <summary>Of every image once: those of ATRW are queries and gallery at the same time, VeRi-776's queries lie in its gallery a second time.</summary>
    private (CameraBias? Camera, ModalityBias? Modality, string?[] Warnings) Probe(
        RetrievalEmbeddings embedded, ItemSet[] probed, EvaluationExtras extras, bool withModality, CancellationToken stop)
    {
        int[] places = [.. probed.SelectMany(_items.Of).Index().DistinctBy(item => Content(item.Item)).Select(item => item.Index)];
        using var all = embedded[probed[0]].Followed(embedded[probed[1]]);
        using var once = all.Only(places);
        var (camera, ofCamera) = extras.CameraBias ? CameraProbe.Measure(once, manifest.Cameras, extras.Seed, stop) : default;
        var (modality, ofModality) = withModality ? CameraProbe.MeasureModality(once, manifest.Cameras, extras.Seed, stop) : default;
        return (camera, modality, [ofCamera, ofModality]);
    }

    private (int Identity, long Length, uint Crc32) Content(RetrievalItem image) =>
        (image.Sighting.Identity, manifest.Frames[image.Frames[0]].Length, manifest.Frames[image.Frames[0]].Crc32);

    /// <summary>Which sets of items the settings ask for, each once.</summary>
    private List<ItemSet> Needed()
    {
        var media = spec.Settings.Select(RetrievalSets.MediaOf).ToList();
        var queries = media.Select(pair => pair.Query).Concat(spec.GalleryIncludesQueries ? media.Select(pair => pair.Gallery) : []);
        return
        [
            .. queries.Distinct().Order().Select(medium => ItemSet.Of(Split.Query, medium, spec.Frames)),
            .. media.Select(pair => pair.Gallery).Distinct().Order().Select(medium => ItemSet.Of(Split.Gallery, medium, spec.Frames)),
            .. spec.MultiQuery is null ? [] : new[] { FurtherImages },
        ];
    }

    /// <summary>The gallery as videos of another number of frames, and the queries in it where it includes them.</summary>
    private ItemSet[] Videos(int frames) => spec.GalleryIncludesQueries
        ? [ItemSet.Of(Split.Query, Medium.Video, frames), ItemSet.Of(Split.Gallery, Medium.Video, frames)]
        : [ItemSet.Of(Split.Gallery, Medium.Video, frames)];

    private static bool SearchesVideos(RetrievalSetting setting) => RetrievalSets.MediaOf(setting).Gallery == Medium.Video;
}
