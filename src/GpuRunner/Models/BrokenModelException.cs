namespace ReidCloud.GpuRunner.Models;

/// <summary>What a network computes is no numbers: its weights are at fault.</summary>
internal sealed class BrokenModelException(string message, Exception? inner = null) : Exception(message, inner);
