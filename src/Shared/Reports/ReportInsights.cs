using System.Text.Json.Serialization;
using ReidCloud.Specs;

namespace ReidCloud.Reports;

/// <summary>
/// What stands behind a report's figures: too much for the report itself, and a file of the run beside it (`insights.json`). Pages and tables are drawn from both.
/// </summary>
public sealed record ReportInsights(DatasetFacts Dataset)
{
    public IReadOnlyList<SettingInsights> Settings { get; init; } = [];

    /// <summary>Where the model puts the items of query and gallery, drawn in a plane.</summary>
    public EmbeddingMap? Map { get; init; }

    /// <summary>How near the model is to the one it was distilled from, or is measured against.</summary>
    public DistillationHealth? Health { get; init; }

    /// <summary>Where the models look, on the same images.</summary>
    public IReadOnlyList<AttentionPair> Attention { get; init; } = [];
}

/// <summary>The data that was measured on, and what is to be known of it.</summary>
public sealed record DatasetFacts(string Name, string Layout, string Hash, IReadOnlyList<SplitFacts> Splits, IReadOnlyList<FindingFacts> Findings);

public sealed record SplitFacts(string Split, int Identities, int Cameras, int Tracklets, int Frames, int Distractors);

/// <summary>A finding of the data set's diagnosis. Severity: note, warning or error.</summary>
public sealed record FindingFacts(string Severity, string Code, string Message);

/// <summary>One retrieval setting, query by query and camera by camera.</summary>
public sealed record SettingInsights(RetrievalSetting Setting)
{
    /// <summary>How the distances came about, where that is not the plain way. Of other ways than the plain one only the queries are kept.</summary>
    public RetrievalVariant? Variant { get; init; }

    /// <summary>As the figures are called that stand on it.</summary>
    public string Name => RetrievalVariant.NameOf(Setting, Variant);

    /// <summary>In the order of the data set; a query without a match has no figures.</summary>
    public IReadOnlyList<QueryOutcome> Queries { get; init; } = [];

    public IReadOnlyList<CameraPairMap> CameraPairs { get; init; } = [];

    /// <summary>Best, worst and median, and those that the model lost or won most against the other.</summary>
    public IReadOnlyList<RankList> RankLists { get; init; } = [];
}

/// <summary>How the search for one item came out. <see cref="FirstMatch"/> is a rank from 1.</summary>
public sealed record QueryOutcome(
    string Item,
    string Identity,
    string Camera,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] int? FirstMatch,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? PrecisionStandard,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? PrecisionTrapezoidal,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? Minp)
{
    /// <summary>Over several drawn galleries: in which share of them the first match is within 1, 5 and 10. The figures above are means over them, <see cref="FirstMatch"/> is the first's.</summary>
    public IReadOnlyList<double>? Found { get; init; }

    /// <summary>The standard average precision that the model measured beside it has.</summary>
    public double? AgainstPrecisionStandard { get; init; }
}

/// <summary>
/// Standard mAP of queries seen by one camera in the part of the gallery seen by another, and how many queries have a match there. Null where none has.
/// </summary>
public sealed record CameraPairMap(string QueryCamera, string GalleryCamera, int Queries, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? Map);

public enum RankListKind
{
    Best,
    Median,
    Worst,
    Won,
    Lost,
}

/// <summary>A query and the first items of its gallery, junk left out, with pictures.</summary>
public sealed record RankList(RankListKind Kind, RankedItem Query, double PrecisionStandard, IReadOnlyList<RankedItem> Found)
{
    /// <summary>The same query's by the model measured beside it, and its precision there.</summary>
    public IReadOnlyList<RankedItem> AgainstFound { get; init; } = [];
    public double? AgainstPrecisionStandard { get; init; }
}

/// <summary>An item of a rank list. A distractor has no identity; the query has neither distance nor match.</summary>
public sealed record RankedItem(
    string Item,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Identity,
    string Camera,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? Distance,
    bool IsMatch,
    Picture Picture);

/// <summary>A small picture, in a format that every browser shows.</summary>
public sealed record Picture(int Width, int Height, string ContentType, byte[] Bytes);

/// <summary>Items of a data set in a plane: near each other where the model holds them to be alike. The method is named: `t-sne` or `pca`.</summary>
public sealed record EmbeddingMap(string Method, RetrievalSetting Setting, IReadOnlyList<EmbeddingPoint> Points);

public sealed record EmbeddingPoint(
    string Item, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Identity, string Camera, bool IsQuery, double X, double Y);

/// <summary>
/// How much of one model's view of the gallery another shares. Rank correlation: the mean over queries of Spearman's between both orders of the gallery;
/// neighbor overlap: of the first <see cref="Neighbors"/>, the fraction that both have; logit divergence: KL(teacher ‖ student) of both classifiers at temperature 1, nats,
/// mean over images, null where they do not have the same classes.
/// </summary>
public sealed record DistillationHealth(
    RetrievalSetting Setting,
    double RankCorrelation,
    int Neighbors,
    double NeighborOverlap,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? LogitDivergence)
{
    /// <summary>Who got worse: mean standard precision here minus there, the largest loss first.</summary>
    public IReadOnlyList<GroupChange> Identities { get; init; } = [];
    public IReadOnlyList<GroupChange> Cameras { get; init; } = [];
}

public sealed record GroupChange(string Name, int Queries, double Difference);

/// <summary>Grad-CAM of one image: what was seen, the model's map upon it, and that of the model beside it.</summary>
public sealed record AttentionPair(
    string Item,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Identity,
    string Camera,
    Picture Original,
    Picture Map,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] Picture? Against);
