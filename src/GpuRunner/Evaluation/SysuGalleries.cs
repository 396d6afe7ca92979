using ReidCloud.Datasets;
using ReidCloud.Reports;
using ReidCloud.Specs;

namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>The galleries that a spec asks SYSU-MM01's visible test images for: by search, number of images and trial. Cameras 2 and 3 stand in one room.</summary>
internal static class SysuGalleries
{
    private static readonly string[] OfOneRoom = ["2", "3"];
    private static readonly IReadOnlyDictionary<string, Modality> Expected = new Dictionary<string, Modality>
    {
        ["1"] = Modality.Visible, ["2"] = Modality.Visible, ["3"] = Modality.Infrared, ["4"] = Modality.Visible, ["5"] = Modality.Visible, ["6"] = Modality.Infrared,
    };

    private static readonly HashSet<string> Indoor = ["1", "2"];

    /// <summary>In the order of a report: for each search each number of images. The first is what a report calls plain.</summary>
    /// <param name="items">The gallery, all of it.</param>
    public static IReadOnlyList<TrialForm> Of(EvaluationSpec spec, RetrievalVariant variant, DatasetManifest manifest, RetrievalItem[] items)
    {
        var (cameras, gallery) = (manifest.Cameras, Array.ConvertAll(items, item => item.Sighting));
        var asked = spec.GalleryTrials ?? new GalleryTrialsSpec();
        var places = items.Index().ToDictionary(item => item.Item.Frames[0], item => item.Index);
        return
        [
            .. from search in asked.Searches
               from shots in asked.Shots
               let drawn = search == asked.Searches[0] && shots == asked.Shots[0] ? null : new DrawnGallery(search, shots)
               select new TrialForm(variant with { Gallery = drawn }, Trials(search, shots)),
        ];

        TrialGallery[] Trials(GallerySearch search, int shots)
        {
            (int, Sighting)[] candidates = [.. gallery.Index().Where(item => search == GallerySearch.AllSearch || Indoor.Contains(cameras[item.Item.Camera].Name))];
            return [.. Enumerable.Range(0, asked.Trials).Select(trial => new TrialGallery(Draw(candidates, trial, shots), gallery, Room))];
        }

        int[] Draw((int, Sighting)[] candidates, int trial, int shots) => asked.Drawing switch
        {
            GalleryDrawing.Seeded => GalleryDraws.Seeded(candidates, trial, shots),
            GalleryDrawing.Official => GalleryDraws.Ordered(candidates, [.. manifest.GalleryDraws[trial].Where(places.ContainsKey).Select(frame => places[frame])], shots),
        };

        int Room(int camera) => OfOneRoom.Contains(cameras[camera].Name) ? cameras.Index().First(other => OfOneRoom.Contains(other.Item.Name)).Index : camera;
    }

    /// <exception cref="SpecException">The data set is not SYSU-MM01's, or has not the draws that are asked for.</exception>
    public static void Require(EvaluationSpec spec, DatasetManifest manifest)
    {
        if (manifest.Cameras.FirstOrDefault(camera => !Expected.TryGetValue(camera.Name, out var modality) || modality != camera.Modality) is { } strange)
        {
            throw new SpecException(
                "$.evaluation.protocol",
                $"sysu-mm01 knows six cameras by their numbers, 1, 2, 4, 5 (visible) and 3, 6 (infrared), and data set '{manifest.Name}' has camera '{strange.Name}' ({NameConverterFactory.NameOf(strange.Modality)}): use cross-modality");
        }

        var asked = spec.GalleryTrials ?? new GalleryTrialsSpec();
        if (asked.Drawing != GalleryDrawing.Official)
        {
            return;
        }

        if (manifest.GalleryDraws.Count < asked.Trials)
        {
            throw new SpecException(
                "$.evaluation.galleryTrials",
                $"asks for {asked.Trials} official draws, and data set '{manifest.Name}' has {manifest.GalleryDraws.Count}: upload exp/rand_perm_cam.mat with it, or leave `drawing` out");
        }

        foreach (var (i, shots) in asked.Shots.Index().Where(shots => shots.Item > DatasetManifest.MostDrawn))
        {
            throw new SpecException($"$.evaluation.galleryTrials.shots[{i}]", $"must be at most {DatasetManifest.MostDrawn} of official draws, was {shots}");
        }
    }
}
