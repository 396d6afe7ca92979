using ReidCloud.Datasets;
using ReidCloud.Specs;

namespace ReidCloud.GpuRunner.Data;

/// <summary>A frame, by its index in the manifest, that stands for an identity in a batch, and by which camera it was taken.</summary>
internal readonly record struct View(int Frame, int Camera);

/// <summary>Which frames of a tracklet, or of an identity, stand for it. Spec of VKD §3.2; frames are indices into the manifest.</summary>
internal static class ViewSelections
{
    /// <summary>
    /// The first frame of each of so many consecutive chunks of a tracklet, counted from the tracklet's beginning; the last frame fills up.
    /// Tests and `temporal` use it.
    /// </summary>
    public static int[] Spread(int frames, int views)
    {
        var chunk = ChunkLength(frames, views);
        return [.. Enumerable.Range(0, views).Select(view => Math.Min(view * chunk, frames - 1))];
    }

    /// <summary>Draws the views of one set. <paramref name="sameIdentity"/> holds all training tracklets of the identity, the drawn one included.</summary>
    public static View[] Select(ViewSelection rule, Tracklet drawn, IReadOnlyList<Tracklet> sameIdentity, int views, RandomStream random) => rule switch
    {
        ViewSelection.Chunk => InTracklet(drawn, Chunk(drawn.FrameCount, views, random)),
        ViewSelection.Temporal => InTracklet(drawn, Spread(drawn.FrameCount, views)),
        ViewSelection.MultiView => MultiView(sameIdentity, views, random),
        ViewSelection.Random => InTracklet(drawn, AnyFrames(drawn.FrameCount, views, random)),
    };

    private static int[] Chunk(int frames, int views, RandomStream random)
    {
        var chunk = ChunkLength(frames, views);
        return [.. Enumerable.Range(0, views).Select(view => Math.Min((view * chunk) + random.NextInt(chunk), frames - 1))];
    }

    /// <summary>One random frame of each tracklet in a random order of the tracklets, around and around: cameras are not consulted.</summary>
    private static View[] MultiView(IReadOnlyList<Tracklet> candidates, int views, RandomStream random)
    {
        var order = random.Permutation(candidates.Count);
        return [.. Enumerable.Range(0, views).Select(view =>
        {
            var tracklet = candidates[order[view % order.Length]];
            return new View(tracklet.FirstFrame + random.NextInt(tracklet.FrameCount), tracklet.Camera);
        })];
    }

    private static int[] AnyFrames(int frames, int views, RandomStream random) => frames >= views
        ? random.Permutation(frames)[..views]
        : [.. Enumerable.Range(0, views).Select(_ => random.NextInt(frames))];

    private static int ChunkLength(int frames, int views) => (frames + views - 1) / views;

    private static View[] InTracklet(Tracklet tracklet, int[] frames) => Array.ConvertAll(frames, frame => new View(tracklet.FirstFrame + frame, tracklet.Camera));
}
