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

/// <summary>Which answers count, and how figures are grouped.</summary>
public enum RetrievalProtocol
{
    /// <summary>Matches are of the same identity and another camera; the same identity in the same camera is junk. Persons and vehicles.</summary>
    CrossCamera,

    /// <summary>
    /// Every image is searched for among all others; junk is the same entity in the same camera within three frames; figures for entities seen by
    /// one camera and by several. The official protocol of ATRW, plain track.
    /// </summary>
    Atrw,
}

/// <summary>Which images the gallery has where images are searched in.</summary>
public enum GalleryImages
{
    /// <summary>The first of each tracklet.</summary>
    FirstFrame,

    /// <summary>All, as on VeRi-776.</summary>
    EveryFrame,
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

    public RetrievalProtocol Protocol { get; init; }
    public GalleryImages GalleryImages { get; init; }

    /// <summary>Put the queries in front of the gallery. VKD does so on MARS, where 140 queries would have no match otherwise.</summary>
    public bool GalleryIncludesQueries { get; init; }

    /// <summary>Evaluate whenever so many epochs are done, and always after the last. Zero: only after the last.</summary>
    public int EveryEpochs { get; init; }
}
