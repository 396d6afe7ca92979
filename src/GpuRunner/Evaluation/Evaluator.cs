using ReidCloud.Datasets;
using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Models;
using ReidCloud.Reports;
using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>
/// Measures a model on a data set by the protocol of VKD §7: queries and gallery are embedded once for all settings that need them, as images or as
/// videos, and ranked for each setting.
/// </summary>
internal sealed class Evaluator(DatasetManifest manifest, EvaluationSpec spec, InputSpec input, FrameCache frames, Device device)
{
    /// <param name="progress">Is told how many items are embedded, and of how many.</param>
    public IReadOnlyList<SettingMetrics> Evaluate(ReidModel model, Action<int, int> progress, CancellationToken stop)
    {
        var needed = Needed();
        var items = needed.ToDictionary(set => set, set => RetrievalSets.Of(manifest, set.Split, set.Medium, spec.Frames, spec.GalleryImages));
        var total = items.Values.Sum(set => set.Length);
        var extractor = new EmbeddingExtractor(model, input, frames, device);
        using var embedded = new RetrievalEmbeddings();
        var done = 0;
        foreach (var (split, medium) in needed)
        {
            var before = done;
            embedded.Add(split, medium, extractor.Extract(items[(split, medium)], now => progress(before + now, total), stop));
            done += items[(split, medium)].Length;
        }

        return [.. spec.Settings.Select(setting => embedded.Measure(setting, spec))];
    }

    /// <summary>Which sets of items the settings ask for, each once.</summary>
    private List<(Split Split, Medium Medium)> Needed()
    {
        var media = spec.Settings.Select(RetrievalSets.MediaOf).ToList();
        var queries = media.Select(pair => pair.Query).Concat(spec.GalleryIncludesQueries ? media.Select(pair => pair.Gallery) : []);
        return
        [
            .. queries.Distinct().Order().Select(medium => (Split.Query, medium)),
            .. media.Select(pair => pair.Gallery).Distinct().Order().Select(medium => (Split.Gallery, medium)),
        ];
    }
}
