using ReidCloud.Specs;

namespace ReidCloud.GpuRunner.Jobs;

/// <summary>Weights that this run builds on, as a local file whose content has been verified.</summary>
internal sealed record Parent(CheckpointRef Checkpoint, string Sha256, string File);
