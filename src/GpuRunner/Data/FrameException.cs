namespace ReidCloud.GpuRunner.Data;

/// <summary>A frame of a data set that cannot be used: the message names both, and what to do.</summary>
internal sealed class FrameException(string message, Exception inner) : Exception(message, inner);
