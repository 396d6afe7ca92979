using System.Text;
using System.Text.RegularExpressions;

namespace ReidCloud.Benchmarks;

/// <summary>
/// docs/benchmarks.md: a head, then one section a measurement, in the order of the list. What was not measured now keeps the section it had; a measurement that
/// is no longer there loses it.
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
    public static string With(IEnumerable<Section> taken, string before, IReadOnlyList<Measurement> all)
    {
        var kept = Sections().Matches(before.ReplaceLineEndings("\n")).ToDictionary(match => match.Groups[1].Value, match => match.Value.TrimEnd() + "\n");
        var renewed = taken.ToDictionary(section => section.Title, section => section.Markdown());
        var text = new StringBuilder(Head.ReplaceLineEndings("\n"));
        foreach (var measurement in all)
        {
            text.Append('\n').Append(renewed.GetValueOrDefault(measurement.Title) ?? kept.GetValueOrDefault(measurement.Title) ?? $"## {measurement.Title}\n\nNot measured yet: `./reid bench {measurement.Name}`.\n");
        }

        return text.ToString();
    }

    [GeneratedRegex(@"^## (.+)\n(?:(?!## ).*\n?)*", RegexOptions.Multiline)]
    private static partial Regex Sections();
}
