using ReidCloud.GpuRunner.Models;
using ReidCloud.Reports;

namespace ReidCloud.GpuRunner.Training;

/// <summary>What a finished training leaves besides its model: how the losses went, what was measured on the way, how fast this attempt was, and which share of the sets took no part.</summary>
internal sealed record TrainingResult(IReadOnlyList<EpochLosses> Losses, IReadOnlyList<EpochMetrics> Evaluations, double ImagesPerSecond, SetCounts? Sets);
