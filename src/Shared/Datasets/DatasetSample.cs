namespace ReidCloud.Datasets;

/// <summary>A few frames of a tracklet: their places among the manifest's frames.</summary>
public sealed record SampledTracklet(Tracklet Tracklet, IReadOnlyList<int> Frames);

/// <summary>
/// A few tracklets of each split for people to look at: identities spread evenly over the split, each as different cameras saw it, and one that is nobody's.
/// The same data set gives the same.
/// </summary>
public static class DatasetSample
{
    /// <summary>Longer ones are left out: a sample is looked at over a network, a page of them at once.</summary>
    public const long LongestFrame = 4L << 20;

    private const int Identities = 4;
    private const int Cameras = 3;
    private const int Frames = 2;

    public static IReadOnlyList<SampledTracklet> Of(DatasetManifest manifest) =>
        [.. Enum.GetValues<Split>().SelectMany(split => Of(manifest, split)).Select(tracklet => new SampledTracklet(tracklet, FramesOf(manifest, tracklet)))];

    private static IEnumerable<Tracklet> Of(DatasetManifest manifest, Split split)
    {
        var tracklets = manifest.Of(split).ToLookup(tracklet => tracklet.Identity);
        int[] identities = [.. tracklets.Select(identity => identity.Key).Where(identity => identity != Tracklet.Distractor).Order()];
        var known = Spread(identities, Identities).SelectMany(identity => tracklets[identity].DistinctBy(tracklet => tracklet.Camera).OrderBy(tracklet => tracklet.Camera).Take(Cameras));
        return known.Concat(tracklets[Tracklet.Distractor].Take(1));
    }

    /// <summary>The first and the middle one, of those that can be shown.</summary>
    private static IReadOnlyList<int> FramesOf(DatasetManifest manifest, Tracklet tracklet) =>
        [.. Spread(Enumerable.Range(tracklet.FirstFrame, tracklet.FrameCount), Frames).Where(frame => IsShort(manifest.Frames[frame]))];

    private static bool IsShort(FrameSource frame) => Math.Max(frame.Length, frame.CompressedLength) <= LongestFrame;

    private static IEnumerable<int> Spread(IEnumerable<int> all, int most)
    {
        int[] items = [.. all];
        var count = Math.Min(most, items.Length);
        return Enumerable.Range(0, count).Select(place => items[(int)((long)items.Length * place / count)]);
    }
}
