using System.Text;
using System.Text.RegularExpressions;
using ReidCloud.Tests.Docs.Pages;

namespace ReidCloud.Benchmarks;

/// <summary>
/// docs/benchmarks.md: a head, which describes the machine that everything was last measured on, then one section a measurement, in the order of the list. What was not
/// measured now keeps the section it had, and so does what could not be measured here; a measurement that is no longer there loses it.
/// </summary>
internal static partial class BenchmarksPage
{
    private const string Head = """
        # Benchmarks

        What this code needs beside a limit or an alternative that was measured in the same run on the same machine. A ratio says more than a time: it is ours
        divided by theirs, and where both took turns it is the median of neighbors' ratios. Everything here is measured by one command, which writes this page:

        ```text
        ./reid bench                  all of it, and this page
        ./reid bench NAME…            some of it; the other sections stay as they are
        ./reid bench --check          in a few minutes: has a ratio become worse than the one that is kept?
        ./reid bench --list           the names
        ```

        Each section says when, at which commit and on what machine it was taken. Below its table stands what bounds a figure, and what was missing to measure
        another.

        """;

    /// <param name="before">The page as it is; empty where there is none.</param>
    public static string With(IReadOnlyList<Section> taken, string before, IReadOnlyList<Measurement> all)
    {
        before = before.ReplaceLineEndings("\n");
        var kept = Sections().Matches(before).ToDictionary(match => match.Groups[1].Value, match => match.Value.TrimEnd() + "\n");
        var renewed = taken.Where(section => !section.IsMissing || !kept.ContainsKey(section.Title)).ToDictionary(section => section.Title);

        // Sections that stay say that they are of the machine above: only when none of those stays can it be another.
        var usual = taken.Count > 0 && all.All(measurement => taken.Any(section => section.Title == measurement.Title)) ? taken[0].Machine : null;
        var machine = usual is not null ? TableOf(usual) : MachineTable().Match(before).Value;
        usual ??= taken.Select(section => section.Machine).FirstOrDefault(here => TableOf(here) == machine);
        var text = new StringBuilder(Head.ReplaceLineEndings("\n")).Append(machine.Length > 0 ? $"\n{machine}" : "");
        foreach (var measurement in all)
        {
            text.Append('\n').Append(
                renewed.TryGetValue(measurement.Title, out var section) ? section.Markdown(usual)
                : kept.GetValueOrDefault(measurement.Title) ?? $"## {measurement.Title}\n\nNot measured yet: `./reid bench {measurement.Name}`.\n");
        }

        return text.ToString();
    }

    private static string TableOf(Machine machine) => MarkdownTable.Of(["the machine", ""], machine.Facts.Select(fact => (IReadOnlyList<string>)[fact.Name, fact.Value]));

    [GeneratedRegex(@"^\| the machine \|  \|\n(?:\|.*\n)+", RegexOptions.Multiline)]
    private static partial Regex MachineTable();

    [GeneratedRegex(@"^## (.+)\n(?:(?!## ).*\n?)*", RegexOptions.Multiline)]
    private static partial Regex Sections();
}
