using ReidCloud.Datasets;

namespace ReidCloud.Tests.GpuRunner.Data;

/// <summary>A manifest that has tracklets but no files behind them.</summary>
internal static class TinyManifest
{
    private static readonly SplitCounts None = new(0, 0, 0, 0, 0);

    public static DatasetManifest Of(params IReadOnlyList<Tracklet> tracklets) => new(
        "tiny",
        "manifest-csv",
        "0123456789abcdef",
        [.. Enumerable.Range(0, Most(tracklets, tracklet => tracklet.Identity)).Select(identity => $"{identity:D4}")],
        [.. Enumerable.Range(0, Most(tracklets, tracklet => tracklet.Camera)).Select(camera => new Camera($"c{camera}"))],
        [],
        [.. Enumerable.Range(0, Most(tracklets, tracklet => tracklet.FirstFrame + tracklet.FrameCount - 1))
            .Select(frame => new FrameSource($"{frame:D6}.png", 0, 0, 0, 0, FrameEncoding.Stored, 0))],
        tracklets,
        new ManifestDiagnosis(None, None, None, []));

    private static int Most(IReadOnlyList<Tracklet> tracklets, Func<Tracklet, int> index) =>
        tracklets.Count == 0 ? 0 : tracklets.Max(index) + 1;
}
