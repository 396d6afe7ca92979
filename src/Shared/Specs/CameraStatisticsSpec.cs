namespace ReidCloud.Specs;

/// <summary>What becomes of a camera with fewer frames than a mini-batch.</summary>
public enum SmallCameras
{
    /// <summary>All it has are one mini-batch; a single frame together with its mirror image. The report names it.</summary>
    OneBatch,

    /// <summary>As in the reference program: nothing is gathered, so the mean is 0 and the variance 1. The report names it.</summary>
    Untouched,
}

/// <summary>
/// Batch norm by each camera's own statistics (Zhuang et al., ECCV 2020; spec of CBN §4), of any network: queries and gallery each by themselves, and there camera by camera, the mean and the
/// variance of mini-batches of that camera's frames are averaged, then its frames are embedded with them. `batches`: at most so many mini-batches a camera; about ten are enough. `batchSize`: frames in one.
/// </summary>
public sealed record CameraStatisticsSpec(int Batches = 50, int BatchSize = 64)
{
    /// <summary>Each mini-batch counts a second time as its mirror image.</summary>
    public bool Mirrored { get; init; } = true;

    public SmallCameras SmallCameras { get; init; }
}
