using System.Globalization;
using ReidCloud.Datasets;
using ReidCloud.Reports;
using ReidCloud.Runs;

namespace ReidCloud.GpuRunner;

/// <summary>
/// What a runner does, as lines for people. Steps are left out: they are in the run's events. Whatever a message quotes, it is one line, none of it
/// moves a terminal's cursor, and no secret is in it.
/// </summary>
internal sealed class RunnerLog(TextWriter output, TimeProvider time)
{
    public void Say(string text) =>
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{time.GetLocalNow():HH:mm:ss} {ForeignText.Printable(Redaction.Of(text).ReplaceLineEndings(" | "))}"));

    public void Say(RunId run, RunEvent happened)
    {
        if (happened.Kind is not (RunEventKind.Step or RunEventKind.Checkpoint))
        {
            Say($"{run} {Describe(happened)}");
        }
    }

    private static string Describe(RunEvent happened)
    {
        var parts = new List<string> { happened.Kind.ToString().ToLowerInvariant() };
        if (happened.Epoch is { } epoch)
        {
            parts.Add(happened.Epochs is { } epochs ? $"epoch {epoch}/{epochs}" : $"epoch {epoch}");
        }

        if (happened.Message is { } message)
        {
            parts.Add(message);
        }

        if (happened.Values is { } values)
        {
            parts.AddRange(values.Select(value => string.Create(CultureInfo.InvariantCulture, $"{value.Key} {value.Value:G4}")));
        }

        return string.Join("  ", parts);
    }
}
