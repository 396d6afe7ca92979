using System.Globalization;
using System.Text;
using ReidCloud.Reports;
using ReidCloud.Runs;
using ReidCloud.Specs;

namespace ReidCloud.GpuRunner;

/// <summary>
/// A failure as a run's status tells it: a mistake that a person can mend in its own words, anything else with what to try; and in the detail the whole
/// exception and where the run stood.
/// </summary>
internal static class FailureReport
{
    public static RunFailure Of(RunId run, Exception fault, RunStatus status)
    {
        var cause = FailureCauses.Of(fault);
        var what = cause switch
        {
            FailureCause.Fault => $"{fault.GetType().Name}: {fault.Message}",
            FailureCause.OutOfMemory when fault is not (AttemptsSpentException or MemoryLimitException) => $"memory ran out: {FirstLine(fault.Message)}",
            FailureCause.Infrastructure when fault is IOException => $"the runner's disk is full ({fault.Message}): make room where its ReidCloud__CacheFolder is",
            _ => fault.Message,
        };
        return new RunFailure(cause, SaysItself(cause) ? what : $"{what.TrimEnd('.')}. {FailureRemedy.Of(run, cause, null)}", Detail(fault, status));
    }

    /// <summary>Whether the messages of such faults name the remedy themselves.</summary>
    private static bool SaysItself(FailureCause cause) => cause is FailureCause.BadSpec or FailureCause.BadData or FailureCause.Diverged or FailureCause.Parent;

    /// <summary>An event in one line.</summary>
    public static string Line(RunEvent happened)
    {
        var line = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"{happened.At:u} {NameConverterFactory.NameOf(happened.Kind)}"));
        if (happened.Epoch is { } epoch)
        {
            line.Append(CultureInfo.InvariantCulture, $", epoch {epoch}");
        }

        if (happened.Step is { } step)
        {
            line.Append(CultureInfo.InvariantCulture, $", step {step}");
        }

        foreach (var (name, value) in happened.Values ?? new Dictionary<string, double>())
        {
            line.Append(CultureInfo.InvariantCulture, $", {name} {value:G6}");
        }

        return happened.Message is { } message ? $"{line}: {message}" : line.ToString();
    }

    /// <summary>A place in a training for people.</summary>
    public static string Place(CheckpointPointer? checkpoint) =>
        checkpoint is null ? "none" : string.Create(CultureInfo.InvariantCulture, $"epoch {checkpoint.Epoch}, step {checkpoint.Step}");

    private static string Detail(Exception fault, RunStatus status) => string.Join(
        Environment.NewLine,
        [
            fault is AttemptsSpentException spent ? spent.Detail : fault.ToString(),
            $"Last told: {(status.Progress is { } told ? Line(told) : "nothing")}",
            $"Last checkpoint: {Place(status.Checkpoint)}",
        ]);

    private static string FirstLine(string text) => text.Split('\n', 2)[0].TrimEnd('\r');
}
