using System.Globalization;
using ReidCloud.Runs;

namespace ReidCloud.GpuRunner;

/// <summary>A run that was taken up again and again and never came to an end. Says how far it got and where to look.</summary>
internal sealed class TooManyAttemptsException(RunStatus status, int allowed) : Exception(string.Create(
    CultureInfo.InvariantCulture,
    $"it was taken up {status.Attempt - 1} times and never came to an end, and $.limits.maxAttempts is {allowed}. Last told: {Progress(status)}; last checkpoint: "
    + $"{Position(status.Checkpoint)}. Most likely its runner is killed from outside, for memory or time: look at the machine's log, and submit it again with another $.repeat"))
{
    private static string Progress(RunStatus status) => status.Progress is { } told
        ? $"epoch {told.Epoch}, step {told.Step} at {told.At:u}"
        : "nothing";

    private static string Position(CheckpointPointer? checkpoint) => checkpoint is null
        ? "none"
        : $"epoch {checkpoint.Epoch}, step {checkpoint.Step}";
}
