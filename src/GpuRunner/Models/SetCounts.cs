namespace ReidCloud.GpuRunner.Models;

/// <summary>Of so many sets that were drawn, so many were left out.</summary>
internal sealed record SetCounts(long Drawn, long LeftOut);
