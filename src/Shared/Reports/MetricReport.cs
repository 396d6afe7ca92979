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
}

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
    /// <summary>Fraction of queries whose first match ranks at most k, for k = 1 …</summary>
    public IReadOnlyList<double> Cmc { get; init; } = [];
}

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
}

/// <summary>A run whose checkpoint was used, and that checkpoint's content.</summary>
public sealed record ParentLineage(string Role, string Run, string CheckpointSha256);

/// <summary>Wall-clock seconds of the attempt that succeeded, images trained on per second, peak resident memory.</summary>
public sealed record RunCost(double Seconds, double TrainingImagesPerSecond, long PeakMemoryBytes);
