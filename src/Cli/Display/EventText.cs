using System.Globalization;
using ReidCloud.Cli.Progress;
using ReidCloud.Reports;
using ReidCloud.Specs;

namespace ReidCloud.Cli.Display;

/// <summary>An event of a run as one line: when, what, how far, its numbers and its words.</summary>
internal static class EventText
{
    private const int WidestKind = 10;

    public static string Line(RunEvent happened)
    {
        var parts = new List<string>();
        if (happened.Epoch is { } epoch)
        {
            parts.Add(happened.Epochs is { } epochs ? $"epoch {epoch}/{epochs}" : $"epoch {epoch}");
        }

        if (happened.Step is { } step)
        {
            parts.Add(happened.Steps is { } steps ? $"step {step}/{steps}" : $"step {step}");
        }

        parts.AddRange((happened.Values ?? new Dictionary<string, double>()).Select(value => $"{value.Key} {Shown(happened.Kind, value.Key, value.Value)}"));
        if (happened.MemoryBytes is { } memory)
        {
            parts.Add(Words.Bytes(memory));
        }

        if (happened.Message is { } message)
        {
            parts.Add(message.ReplaceLineEndings(" "));
        }

        var at = happened.At.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        return $"{at}  {NameConverterFactory.NameOf(happened.Kind).PadRight(WidestKind)}  {string.Join(", ", parts)}".TrimEnd();
    }

    /// <summary>Metrics have the name of their setting before them, as losses of a peer have its name.</summary>
    private static string Shown(RunEventKind kind, string name, double value) =>
        kind == RunEventKind.Evaluation && name.Contains('/', StringComparison.Ordinal) ? Words.Percent(value) : Words.Number(value);
}
