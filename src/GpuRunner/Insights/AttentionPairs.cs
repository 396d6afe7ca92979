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

    /// <summary>None where the model has no trained classifier: there is nothing then that a map could explain.</summary>
    /// <exception cref="BrokenModelException">The maps are no finite numbers.</exception>
    public IReadOnlyList<AttentionPair> Of(RetrievalItem[] queries, InspectedModel model, InspectedModel? other)
    {
        RetrievalItem[] shown = Array.ConvertAll(Evenly.Places(queries.Length, Images), place => queries[place]);
        if (!model.HasClassifier || shown.Length == 0)
        {
            return [];
        }

        int[] chosen = Array.ConvertAll(shown, item => item.Frames[0]);
        using var cache = frames.Open(model.Input);
        var explainer = new Explainer(model.Model, model.Input, cache, device);
        var maps = explainer.Explain(chosen);
        var otherMaps = other is { HasClassifier: true } ? Maps(other, chosen) : null;
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

    private HeatMap[] Maps(InspectedModel model, int[] chosen)
    {
        using var cache = frames.Open(model.Input);
        return new Explainer(model.Model, model.Input, cache, device).Explain(chosen);
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
