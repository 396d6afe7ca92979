using ReidCloud.Reports;

namespace ReidCloud.GpuRunner.Training;

/// <summary>What a finished training leaves besides its model: how the losses went, what was measured on the way, and how fast this attempt was.</summary>
internal sealed record TrainingResult(IReadOnlyList<EpochLosses> Losses, IReadOnlyList<EpochMetrics> Evaluations, double ImagesPerSecond);
