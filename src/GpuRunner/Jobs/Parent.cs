using ReidCloud.Reports;
using ReidCloud.Specs;
using ReidCloud.Weights;

namespace ReidCloud.GpuRunner.Jobs;

/// <summary>Weights that this run builds on, as a local file whose content has been verified.</summary>
/// <param name="Manifest">Of pushed weights, where in the file they are; null of a run's checkpoint, which says so itself.</param>
internal sealed record Parent(CheckpointRef Checkpoint, string Sha256, string File, WeightsManifest? Manifest = null)
{
    /// <summary>How the run was measured; where a job asks for it.</summary>
    public MetricReport? Report { get; init; }
}
