using ReidCloud.Datasets;
using ReidCloud.GpuRunner.Data;
using ReidCloud.Specs;

namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>What is embedded and searched: one frame, or all chosen frames of a tracklet.</summary>
internal enum Medium
{
    Image,
    Video,
}

/// <summary>One query or gallery item before it is embedded: the frames that stand for it, and who it shows.</summary>
internal readonly record struct RetrievalItem(int[] Frames, Sighting Sighting);

/// <summary>
/// The queries and the gallery of a data set, spec of VKD §7.2: a tracklet as a video is its frames by the deterministic chunk rule, as an image
/// its first frame. Where a data set has images of its own to search for, these are the queries as images; and a gallery of images may have all frames.
/// </summary>
internal static class RetrievalSets
{
    public static (Medium Query, Medium Gallery) MediaOf(RetrievalSetting setting) => setting switch
    {
        RetrievalSetting.ImageToImage => (Medium.Image, Medium.Image),
        RetrievalSetting.ImageToVideo => (Medium.Image, Medium.Video),
        RetrievalSetting.VideoToImage => (Medium.Video, Medium.Image),
        RetrievalSetting.VideoToVideo => (Medium.Video, Medium.Video),
    };

    public static RetrievalItem[] Of(DatasetManifest manifest, Split split, Medium medium, int framesPerVideo, GalleryImages galleryImages)
    {
        var tracklets = manifest.Of(split).ToList();
        if (split == Split.Query && medium == Medium.Image && manifest.Of(Split.QueryImage).ToList() is { Count: > 0 } images)
        {
            tracklets = images;
        }

        if (split == Split.Gallery && medium == Medium.Image && galleryImages == GalleryImages.EveryFrame)
        {
            tracklets = [.. tracklets.SelectMany(EachFrame)];
        }

        return
        [
            .. tracklets.Select(tracklet => new RetrievalItem(
                Frames(tracklet, medium, framesPerVideo),
                new Sighting(tracklet.Identity, tracklet.Camera, tracklet.Time) { Content = Content(manifest, tracklet) })),
        ];
    }

    /// <exception cref="SpecException">The protocol needs what the data set does not have.</exception>
    public static void Require(EvaluationSpec spec, DatasetManifest manifest)
    {
        if (spec.Protocol == RetrievalProtocol.Atrw && !manifest.HasTimes)
        {
            throw new SpecException(
                "$.evaluation.protocol",
                $"atrw needs to know when each image was taken; data set '{manifest.Name}' (layout {manifest.Layout}) does not say: use cross-camera, or a data set of layout atrw");
        }

        if (spec.Protocol == RetrievalProtocol.SysuMm01)
        {
            SysuGalleries.Require(spec, manifest);
        }

        SpecError?[] faults = [ProtocolRules.UnknownCameras(spec, manifest.Name, manifest.HasCameras), ProtocolRules.Fault(spec, manifest.Name, Counted(manifest))];
        if (faults.OfType<SpecError>().ToList() is { Count: > 0 } errors)
        {
            throw new SpecException(errors);
        }

        if (spec.MultiQuery is not null && !manifest.Of(Split.MultiQuery).Any())
        {
            throw new SpecException(
                "$.evaluation.multiQuery",
                $"data set '{manifest.Name}' (layout {manifest.Layout}) has no further images of its queries, as Market-1501 has with its folder gt_bbox: leave it out");
        }
    }

    /// <summary>The same counts as where the run was admitted; a manifest of an earlier version has none.</summary>
    private static ManifestDiagnosis Counted(DatasetManifest manifest)
    {
        var counted = ManifestDiagnoser.WithSensors(manifest.Diagnosis, manifest.Tracklets, manifest.Cameras);
        return counted with { Gallery = counted.Gallery with { Tracklets = manifest.Of(Split.Gallery).Count() }, Matches = MatchCounts.Of(manifest.Tracklets) };
    }

    /// <exception cref="SpecException">There is nothing to search for, nothing to search in, or nothing to find.</exception>
    public static void RequireMatches(EvaluationSpec spec, DatasetManifest manifest)
    {
        Sighting[] queries = [.. Seen(manifest, Split.Query), .. Seen(manifest, Split.QueryImage)];
        Sighting[] gallery = [.. Seen(manifest, Split.Gallery)];
        if ((queries.Length, gallery.Length) is (0, _) or (_, 0))
        {
            string[] missing = [.. queries.Length == 0 ? ["query"] : Array.Empty<string>(), .. gallery.Length == 0 ? ["gallery"] : Array.Empty<string>()];
            throw new SpecException("$.dataset", $"data set '{manifest.Name}' has no {string.Join(" and no ", missing)} split, and measuring takes both; name another");
        }

        var searched = (spec.GalleryIncludesQueries ? [.. gallery, .. queries] : gallery).ToLookup(item => item.Identity);
        if (!queries.Any(query => searched[query.Identity].Any(item => item.Matches(query, spec.Protocol))))
        {
            throw new SpecException(
                "$.dataset",
                $"none of the {queries.Length} queries of data set '{manifest.Name}' has a match in its gallery of {gallery.Length}, so all figures would be 0: by protocol "
                + $"{NameConverterFactory.NameOf(spec.Protocol)} a match is the same identity {WhereMatched(spec.Protocol)}. "
                + "Look at the identities and cameras of its query and gallery splits");
        }
    }

    /// <exception cref="SpecException">The curve asks for more frames than any gallery tracklet has.</exception>
    public static void RequireFrames(IReadOnlyList<int> galleryFrames, DatasetManifest manifest)
    {
        var longest = manifest.Of(Split.Gallery).Max(tracklet => tracklet.FrameCount);
        var faults = galleryFrames.Index().Where(asked => asked.Item > longest).Select(asked => new SpecError(
            $"$.galleryFrames[{asked.Index}]",
            $"must be at most {longest}, which the longest gallery tracklet of data set '{manifest.Name}' has, was {asked.Item}: more would only repeat its last frame"));
        if (faults.ToList() is { Count: > 0 } errors)
        {
            throw new SpecException(errors);
        }
    }

    private static string WhereMatched(RetrievalProtocol protocol) => protocol switch
    {
        RetrievalProtocol.CrossCamera => "seen by another camera",
        RetrievalProtocol.Atrw => "at another time",
        RetrievalProtocol.CameraLess => "in another picture",
        RetrievalProtocol.SysuMm01 or RetrievalProtocol.CrossModality => "seen in the other modality",
    };

    private static IEnumerable<Sighting> Seen(DatasetManifest manifest, Split split) =>
        manifest.Of(split).Select(tracklet => new Sighting(tracklet.Identity, tracklet.Camera, tracklet.Time) { Content = Content(manifest, tracklet) });

    private static (long Length, uint Crc32) Content(DatasetManifest manifest, Tracklet tracklet) =>
        (manifest.Frames[tracklet.FirstFrame].Length, manifest.Frames[tracklet.FirstFrame].Crc32);

    private static IEnumerable<Tracklet> EachFrame(Tracklet tracklet) =>
        Enumerable.Range(tracklet.FirstFrame, tracklet.FrameCount).Select(frame => tracklet with { FirstFrame = frame, FrameCount = 1 });

    private static int[] Frames(Tracklet tracklet, Medium medium, int framesPerVideo) => medium switch
    {
        Medium.Image => [tracklet.FirstFrame],
        Medium.Video => Array.ConvertAll(ViewSelections.Spread(tracklet.FrameCount, framesPerVideo), frame => tracklet.FirstFrame + frame),
    };
}
