using System.Globalization;
using ReidCloud.Runs;

namespace ReidCloud.GpuRunner;

/// <summary>A run has been running for as long as it may.</summary>
internal sealed class TimeLimitException(RunStatus status) : Exception(string.Create(
    CultureInfo.InvariantCulture,
    $"it has run for {TimeSpan.FromSeconds(Math.Round(status.Running().TotalSeconds)):c} in all attempts, which is what $.limits.timeout allows; it got to {Reached(status)}. Last checkpoint: {FailureReport.Place(status.Checkpoint)}"))
{
    private static string Reached(RunStatus status) => status.Progress is { Epoch: { } epoch } told
        ? string.Create(CultureInfo.InvariantCulture, $"epoch {epoch}{(told.Epochs is { } epochs ? $" of {epochs}" : "")}, step {told.Step ?? 0}")
        : "its beginning";
}
