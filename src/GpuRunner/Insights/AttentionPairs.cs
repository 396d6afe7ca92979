using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Evaluation;
using ReidCloud.GpuRunner.Explanation;
using ReidCloud.GpuRunner.Models;
using ReidCloud.Reports;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Insights;

/// <summary>Where a model looks, and the one beside it, on a few of the queries, taken evenly. Both maps of an image have one scale.</summary>
internal sealed class AttentionPairs(DatasetFrames frames, ItemNames names, Device device)
{
    private const int Images = 6;
    private const int Width = 128;
    private const int Height = 256;

    /// <summary>Which cameras saw the queries that are shown.</summary>
    public static IReadOnlySet<int> CamerasOf(RetrievalItem[] queries) => Shown(queries).Select(item => item.Sighting.Camera).ToHashSet();

    /// <summary>None where the model has no trained classifier: there is nothing then that a map could explain.</summary>
    /// <exception cref="BrokenModelException">The maps are no finite numbers.</exception>
    public IReadOnlyList<AttentionPair> Of(RetrievalItem[] queries, InspectedModel model, InspectedModel? other)
    {
        var shown = Shown(queries);
        if (!model.HasClassifier || shown.Length == 0)
        {
            return [];
        }

        int[] chosen = Array.ConvertAll(shown, item => item.Frames[0]);
        using var cache = frames.Open(model.Input);
        var explainer = new Explainer(model.Model, model.Input, cache, device);
        var maps = Maps(model, explainer, shown);
        var otherMaps = other is { HasClassifier: true } ? Maps(other, shown) : null;
        return
        [
            .. shown.Select((item, i) =>
            {
                var picture = explainer.Picture(chosen[i]);
                var otherMap = otherMaps is null ? null : Shown(otherMaps[i], model, chosen[i]);
                var range = otherMap is null ? MapRange.Of(maps[i].Values) : MapRange.Of(maps[i].Values, otherMap.Values);
                return new AttentionPair(
                    names.Item(item),
                    names.Identity(item.Sighting),
                    names.Camera(item.Sighting),
                    Small(picture),
                    Drawn(picture, maps[i], range),
                    otherMap is null ? null : Drawn(picture, otherMap, range));
            }),
        ];
    }

    private static RetrievalItem[] Shown(RetrievalItem[] queries) => Array.ConvertAll(Evenly.Places(queries.Length, Images), place => queries[place]);

    private HeatMap[] Maps(InspectedModel model, RetrievalItem[] shown)
    {
        using var cache = frames.Open(model.Input);
        return Maps(model, new Explainer(model.Model, model.Input, cache, device), shown);
    }

    /// <summary>Where each camera has its own statistics, of each image with those it was embedded with.</summary>
    private static HeatMap[] Maps(InspectedModel model, Explainer explainer, RetrievalItem[] shown)
    {
        return model.Measured.Embedded?.Statistics is { } kept ? kept.ByCamera(model.Model, shown, Explained) : Explained(shown);

        HeatMap[] Explained(IReadOnlyList<RetrievalItem> items) => explainer.Explain([.. items.Select(item => item.Frames[0])]);
    }

    /// <summary>Over the picture that the first model saw.</summary>
    private HeatMap Shown(HeatMap map, InspectedModel on, int frame)
    {
        if (map.Seen == on.Input)
        {
            return map;
        }

        var (width, height) = frames.SizeOf(frame);
        return map.On(on.Input, width, height);
    }

    private static Picture Drawn(RgbImage picture, HeatMap map, MapRange range) => Small(Overlay.Draw(picture, map.Values, range));

    private static Picture Small(RgbImage picture) => Thumbnails.Of(picture, Width, Height);
}
