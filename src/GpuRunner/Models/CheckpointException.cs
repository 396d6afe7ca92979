namespace ReidCloud.GpuRunner.Models;

/// <summary>A checkpoint that cannot be used: what it is, what was wanted, and what to do.</summary>
internal sealed class CheckpointException : Exception
{
    public CheckpointException(string message) : base(message)
    {
    }

    public CheckpointException(string message, Exception inner) : base(message, inner)
    {
    }
}
