using ReidCloud.Reports;

namespace ReidCloud.GpuRunner.Jobs;

/// <summary>What a job found out: the part of a report that does not depend on where and when it ran.</summary>
/// <param name="Insights">What stands behind the figures.</param>
internal sealed record JobOutcome(IReadOnlyList<SettingMetrics> Settings, IReadOnlyList<ParentLineage> Parents, ReportInsights Insights)
{
    public IReadOnlyList<EpochLosses> Losses { get; init; } = [];
    public IReadOnlyList<EpochMetrics> History { get; init; } = [];
    public IReadOnlyList<string> Warnings { get; init; } = [];
    public IReadOnlyList<GalleryCurvePoint> GalleryCurve { get; init; } = [];
    public CameraBias? CameraBias { get; init; }
    public IReadOnlyList<KnownCameraFigures> KnownCameras { get; init; } = [];
    public ModalityBias? ModalityBias { get; init; }
    public IReadOnlyList<CameraStatisticsBasis> CameraStatistics { get; init; } = [];
    public MeasuredModel? Against { get; init; }
    public IReadOnlyList<PeerFigures> Peers { get; init; } = [];
    public double TrainingImagesPerSecond { get; init; }

    /// <summary>The data set that the measured model was trained on, where that is known.</summary>
    public string? TrainedOnDatasetHash { get; init; }
}
