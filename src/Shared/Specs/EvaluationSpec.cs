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

    /// <summary>
    /// For data without camera ids: matches are all of the same identity but the very same image (equal bytes). Easier than <see cref="CrossCamera"/>, and not to be compared with it.
    /// </summary>
    CameraLess,

    /// <summary>
    /// SYSU-MM01's: infrared images are searched for in drawn galleries of visible ones (<see cref="GalleryTrialsSpec"/>); CMC counts identities by their nearest image; what a camera in the query
    /// camera's room took is left out. Figures are means over the draws.
    /// </summary>
    SysuMm01,

    /// <summary>RegDB's: all queries, of one modality, are searched for in the whole gallery, of the other, and all of the gallery among the queries.</summary>
    CrossModality,
}

public static class RetrievalProtocols
{
    /// <summary>Whether queries are of one modality and the gallery of the other.</summary>
    public static bool IsAcrossModalities(this RetrievalProtocol protocol) => protocol is RetrievalProtocol.SysuMm01 or RetrievalProtocol.CrossModality;
}

/// <summary>Whose images SYSU-MM01's galleries are of.</summary>
public enum GallerySearch
{
    /// <summary>Of all visible cameras: 1, 2, 4, 5.</summary>
    AllSearch,

    /// <summary>Of the indoor ones: 1, 2.</summary>
    IndoorSearch,
}

/// <summary>Who chose the images of drawn galleries.</summary>
public enum GalleryDrawing
{
    /// <summary>
    /// The trial's number, from 0, is the seed, as most publications have it: Python's generator, identities and in each its cameras in ascending order, images in the order of their names;
    /// several images one after the other, each among those left.
    /// </summary>
    Seeded,

    /// <summary>The authors: `exp/rand_perm_cam.mat`, which the data set must have.</summary>
    Official,
}

/// <summary>
/// The galleries of SYSU-MM01's protocol: <see cref="Trials"/> draws, each with so many images of every identity by every camera.
/// </summary>
public sealed record GalleryTrialsSpec(int Trials = 10)
{
    public GalleryDrawing Drawing { get; init; }

    /// <summary>The first is what a report calls plain.</summary>
    public IReadOnlyList<GallerySearch> Searches { get; init; } = [GallerySearch.AllSearch, GallerySearch.IndoorSearch];

    /// <summary>Images of an identity by a camera: 1 is single-shot, 10 multi-shot.</summary>
    public IReadOnlyList<int> Shots { get; init; } = [1, 10];
}

/// <summary>Which features of a model are compared.</summary>
public enum RetrievalDistance
{
    /// <summary>Between embeddings.</summary>
    Global,

    /// <summary>AlignedReID's: the shortest path through the distances of the stripes.</summary>
    Local,

    /// <summary>The sum of both.</summary>
    Combined,
}

/// <summary>How the images of one identity and camera become one query.</summary>
public enum MultiQueryPooling
{
    Average,
    Max,
}

public enum ReRankingForm
{
    /// <summary>As its authors, AlignedReID and torchreid have it: distances are squared and divided by the query's largest.</summary>
    Original,

    /// <summary>As fast-reid's evaluator has it: k1 neighbors with the item itself instead of without, weights by squared distances that nothing divides.</summary>
    FastReid,
}

/// <summary>k-reciprocal re-ranking (Zhong et al., CVPR 2017): spec of AlignedReID §11. `k1`: neighbors; `k2`: of how many the mean stands for one; `lambda`: the original distance's share.</summary>
public sealed record ReRankingSpec(int K1 = 20, int K2 = 6, double Lambda = 0.3)
{
    public ReRankingForm Form { get; init; }
}

/// <summary>
/// Average query expansion: every feature becomes the mean of its <see cref="Neighbors"/> most similar ones, weighted by similarity to the power of <see cref="Power"/>, <see cref="Times"/>
/// times. As in fast-reid, over queries and gallery together.
/// </summary>
public sealed record QueryExpansionSpec(int Neighbors = 5, int Times = 1, double Power = 3);

/// <summary>
/// Another definition of the CMC curve besides the usual one (spec of AlignedReID §10.1): leave out every image of the query's camera; one random image of each identity in the gallery,
/// <see cref="Repeats"/> times; count only the first match, or every match by its share.
/// </summary>
public sealed record CmcSpec(bool SeparateCameraSet, bool SingleGalleryShot, bool FirstMatchBreak, int Repeats = CmcSpec.UsualRepeats)
{
    /// <summary>AlignedReID's; open-reid has 10.</summary>
    internal const int UsualRepeats = 100;
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

    /// <summary>Divide features, stripes too, by their length before Euclidean distances. Cosine distances always do.</summary>
    public bool NormalizeFeatures { get; init; }

    /// <summary>Embed with what the neck makes of the feature, as the bag of tricks does, instead of with the feature in front of it.</summary>
    public bool AfterNeck { get; init; }

    /// <summary>Add to each image's features, stripes too, those of its mirror image, before they are divided by their length.</summary>
    public bool AddMirrored { get; init; }

    /// <summary>Embed each camera's images with batch-norm statistics of that camera. Left out: with those that training left in the network.</summary>
    public CameraStatisticsSpec? CameraStatistics { get; init; }

    /// <summary>Each gives figures of its own, the global one first. The others need a model with a local branch.</summary>
    public IReadOnlyList<RetrievalDistance> Distances { get; init; } = [RetrievalDistance.Global];

    /// <summary>Measure with re-ranking, too.</summary>
    public ReRankingSpec? ReRanking { get; init; }

    /// <summary>Measure with expanded global features, too.</summary>
    public QueryExpansionSpec? QueryExpansion { get; init; }

    /// <summary>Measure with several images a query, too, for data sets that have them and settings that search for images.</summary>
    public MultiQueryPooling? MultiQuery { get; init; }

    /// <summary>Further CMC curves, up to the same rank as the usual one.</summary>
    public IReadOnlyList<CmcSpec> Cmc { get; init; } = [];

    /// <summary>Report, at each of these rates of different pairs taken for equal, how many equal pairs are told (ROC), such as 1e-4, 1e-3, 1e-2, 1e-1.</summary>
    public IReadOnlyList<double> FalsePositiveRates { get; init; } = [];

    public RetrievalProtocol Protocol { get; init; }

    /// <summary>For protocol sysu-mm01 alone. Left out: as published, ten draws of both searches, single- and multi-shot.</summary>
    public GalleryTrialsSpec? GalleryTrials { get; init; }
    public GalleryImages GalleryImages { get; init; }

    /// <summary>Put the queries in front of the gallery. VKD does so on MARS, where 140 queries would have no match otherwise.</summary>
    public bool GalleryIncludesQueries { get; init; }

    /// <summary>
    /// Evaluate whenever so many epochs are done, by each distance and no more, and always after the last, with all that is asked for. Zero: only after the last.
    /// </summary>
    public int EveryEpochs { get; init; }
}
