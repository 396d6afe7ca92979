using ReidCloud.Specs;

namespace ReidCloud.Reports;

/// <summary>
/// What came out of a run: metrics with everything needed to judge and repeat them. All metrics are fractions in [0, 1].
/// </summary>
public sealed record MetricReport(
    string Run,
    RunSpec Spec,
    IReadOnlyList<SettingMetrics> Settings,
    Lineage Lineage,
    RunCost Cost)
{
    /// <summary>The objective over time: one entry per epoch.</summary>
    public IReadOnlyList<EpochLosses> Losses { get; init; } = [];

    /// <summary>Evaluations before the last, by finished epochs.</summary>
    public IReadOnlyList<EpochMetrics> History { get; init; } = [];

    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>What else was measured of the model.</summary>
    public IReadOnlyList<GalleryCurvePoint> GalleryCurve { get; init; } = [];
    public CameraBias? CameraBias { get; init; }
    public ModalityBias? ModalityBias { get; init; }

    /// <summary>
    /// The same by whether the training knew the cameras: queries that such a camera saw, or another, in the part of the gallery that such cameras saw, or others. Nothing where it knew all, or
    /// where that is not known.
    /// </summary>
    public IReadOnlyList<KnownCameraFigures> KnownCameras { get; init; } = [];

    /// <summary>Where each camera had batch-norm statistics of its own: what these stood on, set by set; of all models of the report alike.</summary>
    public IReadOnlyList<CameraStatisticsBasis> CameraStatistics { get; init; } = [];

    /// <summary>The model that was measured beside it, where one was named.</summary>
    public MeasuredModel? Against { get; init; }

    /// <summary>In mutual learning the other peers, in their order: the report's own figures are the first's.</summary>
    public IReadOnlyList<PeerFigures> Peers { get; init; } = [];

    /// <summary>What the run left besides its report, in the order it was written.</summary>
    public IReadOnlyList<RunFile> Files { get; init; } = [];
}

/// <summary>One point of the curve over the number of frames that stand for a gallery tracklet.</summary>
public sealed record GalleryCurvePoint(int Frames, SettingMetrics Metrics);

/// <summary>
/// How well a linear classifier reads the camera off embeddings of identities it has not seen: the mean over cameras of the fraction recognised,
/// beside what guessing gives (1 / cameras). The nearer the two, the less the embedding tells of the camera.
/// </summary>
public sealed record CameraBias(int Cameras, int TrainedOn, int TestedOn, double BalancedAccuracy, double Chance);

/// <summary>
/// How queries of cameras that the training saw (<see cref="QueryKnown"/>), or of others, are found in the part of the gallery that such cameras saw, or others; <see cref="Queries"/> have a match
/// there. Cameras of another data set than the training's are others.
/// </summary>
public sealed record KnownCameraFigures(RetrievalSetting Setting, bool QueryKnown, bool GalleryKnown, int Queries, double Rank1, double MapStandard);

/// <summary>The same of the modality, visible or infrared: the nearer to one half, the less the embedding tells of it.</summary>
public sealed record ModalityBias(int TrainedOn, int TestedOn, double BalancedAccuracy);

/// <summary>
/// Among these items (`query images`) the camera has so many frames, and its statistics are the mean over so many mini-batches of <see cref="BatchFrames"/> frames, mirrored ones not counted. None: they were
/// left at mean 0 and variance 1.
/// </summary>
public sealed record CameraStatisticsBasis(string Items, string Camera, int Frames, int Batches, int BatchFrames);

/// <summary>Figures of a second model, measured in the same way.</summary>
public sealed record MeasuredModel(CheckpointRef Checkpoint, IReadOnlyList<SettingMetrics> Settings)
{
    /// <summary>The reported model's figures minus these.</summary>
    public IReadOnlyList<PairedDifference> Differences { get; init; } = [];

    public IReadOnlyList<GalleryCurvePoint> GalleryCurve { get; init; } = [];
    public CameraBias? CameraBias { get; init; }
    public ModalityBias? ModalityBias { get; init; }
}

/// <summary>Figures of another peer of the run; <see cref="Peer"/> counts from 1, so the first of these is 2.</summary>
public sealed record PeerFigures(int Peer, IReadOnlyList<SettingMetrics> Settings)
{
    /// <summary>The reported model's figures minus these.</summary>
    public IReadOnlyList<PairedDifference> Differences { get; init; } = [];

    /// <summary>These minus those of the model that was measured beside the run's: the one that was trained alone.</summary>
    public IReadOnlyList<PairedDifference> AgainstDifferences { get; init; } = [];
}

/// <summary>A file of a run: its name, the blob in container runs, its size and content.</summary>
public sealed record RunFile(string Name, string Blob, long Length, string Sha256);

/// <summary>
/// One retrieval setting's figures. Both definitions of average precision stand side by side, each named: the trapezoidal one of the original
/// Market/MARS/VeRi tools, and the plain mean of the precision at each hit.
/// </summary>
public sealed record SettingMetrics(
    RetrievalSetting Setting,
    int Queries,
    int QueriesWithMatch,
    int Gallery,
    double Rank1,
    double Rank5,
    double Rank10,
    double MapTrapezoidal,
    double MapStandard,
    double Minp)
{
    /// <summary>How the distances came about, where that is not the plain way.</summary>
    public RetrievalVariant? Variant { get; init; }

    /// <summary>What tells these figures from others of a report: `image-to-image`, `image-to-image/local/re-ranked`.</summary>
    public string Name => RetrievalVariant.NameOf(Setting, Variant);

    /// <summary>Fraction of queries whose first match ranks at most k, for k = 1 …</summary>
    public IReadOnlyList<double> Cmc { get; init; } = [];

    /// <summary>By the other definitions that were asked for, in their order.</summary>
    public IReadOnlyList<CmcCurve> Curves { get; init; } = [];

    /// <summary>In the order of the rates that were asked for.</summary>
    public IReadOnlyList<RocPoint> Roc { get; init; } = [];

    /// <summary>The same figures for parts of the queries, where the protocol tells them apart.</summary>
    public IReadOnlyList<QueryGroup> Groups { get; init; } = [];

    /// <summary>The mean of the groups' mAP: ATRW's mmAP.</summary>
    public double? MeanGroupMap { get; init; }

    /// <summary>95 % confidence intervals; null where no query has a match.</summary>
    public MetricIntervals? Intervals { get; init; }

    /// <summary>Where the gallery was drawn several times, and the figures are means over the draws.</summary>
    public TrialSpread? Trials { get; init; }
}

/// <summary>By how much figures differ between so many drawn galleries: standard deviations (n − 1); null of one gallery.</summary>
public sealed record TrialSpread(int Trials)
{
    public double? Rank1 { get; init; }
    public double? Rank5 { get; init; }
    public double? Rank10 { get; init; }
    public double? MapTrapezoidal { get; init; }
    public double? MapStandard { get; init; }
    public double? Minp { get; init; }
}

/// <summary>A CMC curve by a definition of its own, for ranks 1 ….</summary>
public sealed record CmcCurve(CmcSpec Definition, IReadOnlyList<double> Cmc);

/// <summary>
/// Pairs of query and gallery item as a verifier sees them: at the distance where of the pairs of different identities the fraction <see cref="FalsePositiveRate"/> is
/// nearer, so is <see cref="TruePositiveRate"/> of those of the same.
/// </summary>
public sealed record RocPoint(double FalsePositiveRate, double TruePositiveRate);

/// <summary>Some of the queries: ATRW's `single-camera` and `cross-camera` entities.</summary>
public sealed record QueryGroup(string Name, int Queries, double Rank1, double Rank5, double MapStandard);

public sealed record EpochLosses(int Epoch, double LearningRate, IReadOnlyDictionary<string, double> Losses);

public sealed record EpochMetrics(int Epoch, IReadOnlyList<SettingMetrics> Settings);

/// <summary>What the numbers depend on besides the spec.</summary>
public sealed record Lineage(
    string DatasetHash,
    IReadOnlyList<ParentLineage> Parents,
    string CheckpointSha256,
    string ProductVersion,
    string TorchVersion,
    string Device,
    int Threads,
    string Machine,
    string Runtime)
{
    public int Attempts { get; init; }
    public string? TrainedOnDatasetHash { get; init; }

    /// <summary>Of a data set whose authors divide the same persons several times, which division it is: `regdb/split-3`.</summary>
    public string? DatasetSplit { get; init; }
}

/// <summary>Weights that were used, of a run or pushed, in what role, and their content.</summary>
public sealed record ParentLineage(string Role, CheckpointRef Checkpoint, string CheckpointSha256);

/// <summary>Wall-clock seconds of the attempt that succeeded, images trained on per second, peak resident memory.</summary>
public sealed record RunCost(double Seconds, double TrainingImagesPerSecond, long PeakMemoryBytes)
{
    /// <summary>Seconds of all attempts, and of them what was done again because an attempt ended before it was kept.</summary>
    public double AllSeconds { get; init; }
    public double RedoneSeconds { get; init; }
}
