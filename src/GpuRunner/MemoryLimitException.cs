namespace ReidCloud.GpuRunner;

/// <summary>A run was stopped, with a checkpoint, before the memory of its process ran out.</summary>
internal sealed class MemoryLimitException(string figures) : Exception(figures);
