namespace ReidCloud.Specs;

/// <summary>What is searched for in what: an image is one frame, a video all chosen frames of a tracklet.</summary>
public enum RetrievalSetting
{
    ImageToImage,
    ImageToVideo,
    VideoToImage,
    VideoToVideo,
}

public enum DistanceMetric
{
    /// <summary>1 − cosine of the angle between embeddings.</summary>
    Cosine,
    Euclidean,
}

/// <summary>
/// How a model is measured: which settings, how many frames stand for a tracklet (chosen by the deterministic chunk rule), and
/// whether queries join the gallery as MARS needs. Spec of VKD §7.
/// </summary>
public sealed record EvaluationSpec
{
    public IReadOnlyList<RetrievalSetting> Settings { get; init; } = [RetrievalSetting.ImageToVideo, RetrievalSetting.VideoToVideo];
    public int Frames { get; init; } = 8;
    public DistanceMetric Metric { get; init; } = DistanceMetric.Cosine;

    /// <summary>Put the queries in front of the gallery. VKD does so on MARS, where 140 queries would have no match otherwise.</summary>
    public bool GalleryIncludesQueries { get; init; }

    /// <summary>Evaluate whenever so many epochs are done, and always after the last. Zero: only after the last.</summary>
    public int EveryEpochs { get; init; }
}
