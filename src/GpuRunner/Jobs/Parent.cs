namespace ReidCloud.GpuRunner.Jobs;

/// <summary>The published checkpoint of a run that this one builds on, as a local file whose content has been verified.</summary>
internal sealed record Parent(string Run, string Sha256, string File);
