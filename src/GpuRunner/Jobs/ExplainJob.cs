using ReidCloud.Datasets;
using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Explanation;
using ReidCloud.GpuRunner.Insights;
using ReidCloud.Reports;
using ReidCloud.Specs;
using TorchSharp;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Jobs;

/// <summary>
/// Draws where one network looks, or two, on images of any data set's gallery. The run's files: for each image what the first network sees
/// (`original-0000.png`), each network's map upon it, scaled by itself (`checkpoint-0000.png`, `against-0000.png`), both maps side by side, scaled
/// jointly (`both-0000.png`); `sheet.png` with all of them in one picture, below each other; `images.json`, which image is which frame.
/// </summary>
internal sealed class ExplainJob(
    ExplainSpec spec, DatasetFrames frames, IReadOnlyDictionary<CheckpointRef, Parent> parents, RunContext context, TimeProvider time, Device device)
    : Job(frames, parents, context, time, device)
{
    private const string First = "checkpoint";

    /// <summary>As VKD's tool.</summary>
    private const int ImagesPerBatch = 32;

    public override JobOutcome Run(Stream? checkpoint)
    {
        using var trained = Load(spec.Checkpoint, network => network.RequireHead());
        using var other = spec.Against is null ? null : Load(spec.Against, network => network.RequireHead());
        var input = spec.Input ?? trained.Input!;
        var otherInput = other is null ? input : spec.Input ?? other.Input!;
        using var cache = Frames.Open(input);
        using var otherCache = otherInput == input ? null : Frames.Open(otherInput);
        trained.Model.MoveTo(Device);
        other?.Model.MoveTo(Device);
        var first = new Explainer(trained.Model, input, cache, Device);
        var second = other is null ? null : new Explainer(other.Model, otherInput, otherCache ?? cache, Device);

        var gallery = Gallery();
        var chosen = Chosen(gallery);
        var empty = Draw(first, second, [.. chosen.Select(tracklet => tracklet.FirstFrame)]);
        Save("images.json", ReidJson.Write(chosen.Select(Described).ToList()));
        return new JobOutcome([], LineageOf(spec), new ReportInsights(ManifestFacts.Of(Frames.Manifest)))
        {
            Warnings =
            [
                .. MixedStatistics("these maps are drawn with them, and need not show where the network looks with statistics of each camera, as `reid evaluate … --by-camera` draws them", spec.Checkpoint, spec.Against),
                .. Warnings([]), .. TooFew(gallery.Count), .. Empty(First, empty.First, chosen.Length), .. Empty(Against, empty.Second, chosen.Length),
            ],
            TrainedOnDatasetHash = trained.Head?.DatasetHash,
        };
    }

    /// <summary>Images of the gallery: the first frame of each tracklet, each frame once.</summary>
    private List<Tracklet> Gallery()
    {
        List<Tracklet> gallery = [.. Frames.Manifest.Of(Split.Gallery).DistinctBy(tracklet => tracklet.FirstFrame)];
        return gallery.Count > 0
            ? gallery
            : throw new SpecException("$.dataset", $"data set '{spec.Dataset}' has no gallery, so no images to explain: name one that has");
    }

    /// <summary>Evenly, in the gallery's order: of equal parts of it, one of each by chance.</summary>
    private Tracklet[] Chosen(List<Tracklet> gallery)
    {
        var random = Seeding.Stream(spec.Seed, "explain/images");
        var count = Math.Min(spec.Images, gallery.Count);
        return
        [
            .. Enumerable.Range(0, count).Select(part =>
            {
                var (from, to) = ((int)((long)part * gallery.Count / count), (int)((part + 1L) * gallery.Count / count));
                return gallery[from + random.NextInt(to - from)];
            }),
        ];
    }

    /// <summary>Draws and saves all pictures. How many maps of each network were empty.</summary>
    private (int First, int Second) Draw(Explainer first, Explainer? second, int[] chosen)
    {
        var sheet = new ContactSheet(chosen.Length, second is null ? 2 : 3, first.Input.Width, first.Input.Height);
        var (done, emptyOfFirst, emptyOfSecond) = (0, 0, 0);
        foreach (var batch in chosen.Chunk(ImagesPerBatch))
        {
            Context.Stop.ThrowIfCancellationRequested();
            var maps = Of(spec.Checkpoint, () => first.Explain(batch));
            var others = second is null ? null : Of(spec.Against!, () => second.Explain(batch));
            emptyOfFirst += maps.Count(map => map.IsEmpty);
            emptyOfSecond += others?.Count(map => map.IsEmpty) ?? 0;
            foreach (var (i, frame) in batch.Index())
            {
                Context.Stop.ThrowIfCancellationRequested();
                var picture = first.Picture(frame);
                sheet.Put(done, [picture, .. Overlays(done, picture, maps[i], others is null ? null : Shown(others[i], first.Input, frame))]);
                done++;
            }

            Context.Tell(new RunEvent(Time.GetUtcNow(), RunEventKind.Evaluation)
            {
                Step = done,
                Steps = chosen.Length,
                Message = $"{done} of {chosen.Length} images are explained",
            });
        }

        Save("sheet.png", sheet.Image);
        return (emptyOfFirst, emptyOfSecond);
    }

    /// <summary>Saves one image's pictures. Those for the sheet: of two networks the jointly scaled ones, which can be compared.</summary>
    private RgbImage[] Overlays(int image, RgbImage picture, HeatMap map, HeatMap? other)
    {
        Save(Name("original", image), picture);
        var own = Overlay.Draw(picture, map.Values, MapRange.Of(map.Values));
        Save(Name(First, image), own);
        if (other is null)
        {
            return [own];
        }

        Save(Name(Against, image), Overlay.Draw(picture, other.Values, MapRange.Of(other.Values)));
        var joint = MapRange.Of(map.Values, other.Values);
        var (left, right) = (Overlay.Draw(picture, map.Values, joint), Overlay.Draw(picture, other.Values, joint));
        Save(Name("both", image), Mosaic.SideBySide(left, right));
        return [left, right];
    }

    /// <summary>The second network's map over what the first one saw.</summary>
    private HeatMap Shown(HeatMap map, InputSpec input, int frame)
    {
        if (map.Seen == input)
        {
            return map;
        }

        var (width, height) = Frames.SizeOf(frame);
        return map.On(input, width, height);
    }

    private ExplainedImage Described(Tracklet tracklet, int image) => new(
        image,
        Frames.Manifest.Frames[tracklet.FirstFrame].Name,
        tracklet.IsDistractor ? null : Frames.Manifest.Identities[tracklet.Identity],
        Frames.Manifest.Cameras[tracklet.Camera].Name);

    private IEnumerable<string> TooFew(int gallery)
    {
        if (gallery < spec.Images)
        {
            yield return $"the gallery of data set '{spec.Dataset}' has {gallery} images, fewer than the {spec.Images} asked for: all are explained";
        }
    }

    private static IEnumerable<string> Empty(string network, int empty, int images)
    {
        if (empty == images)
        {
            yield return $"all {images} maps of '{network}' are empty: nothing in any image speaks for the identity it names, so its pictures show nothing. "
                + "Is it trained, and is the data set of the kind it was trained on?";
        }
        else if (empty > 0)
        {
            yield return $"{empty} of {images} maps of '{network}' are empty: nothing in those images speaks for the identity it names";
        }
    }

    private static string Name(string kind, int image) => $"{kind}-{image:D4}.png";

    private void Save(string name, RgbImage picture) => Context.SaveFile(name, file => ImageEncoder.WritePng(picture, file));

    private void Save(string name, byte[] content) => Context.SaveFile(name, file => file.Write(content));

    /// <summary>One line of `images.json`. A distractor has no identity.</summary>
    private sealed record ExplainedImage(int Image, string Frame, string? Identity, string Camera);
}
