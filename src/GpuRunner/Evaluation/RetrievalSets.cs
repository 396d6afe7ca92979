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
/// its first frame.
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

    public static RetrievalItem[] Of(DatasetManifest manifest, Split split, Medium medium, int framesPerVideo) =>
    [
        .. manifest.Of(split).Select(tracklet => new RetrievalItem(
            Frames(tracklet, medium, framesPerVideo), new Sighting(tracklet.Identity, tracklet.Camera))),
    ];

    private static int[] Frames(Tracklet tracklet, Medium medium, int framesPerVideo) => medium switch
    {
        Medium.Image => [tracklet.FirstFrame],
        Medium.Video => Array.ConvertAll(ViewSelections.Spread(tracklet.FrameCount, framesPerVideo), frame => tracklet.FirstFrame + frame),
    };
}
