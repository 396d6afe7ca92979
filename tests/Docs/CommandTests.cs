using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Docs;

/// <summary>
/// Every command of every page, run as it stands: the shell blocks of a page one after the other in one bash against a local system of real processes. A
/// command that fails fails the test; so does one that does not say what the block of text behind it shows, numbers and ids aside.
/// </summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed partial class CommandTests(LocalReid system) : IClassFixture<LocalReid>
{
    private const string Shell = "sh";
    /// <summary>Stands in what is shown for what was left out, of a line or of lines.</summary>
    private const string Ellipsis = "…";

    private const string Mark = "@@ block ";

    /// <summary>The last said is shown when a page fails.</summary>
    private const int LinesShown = 40;

    public static TheoryData<string> Pages =>
        [.. DocsPage.Names.Where(name => DocsPage.Named(name).Blocks.Any(block => block.Language == Shell))];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task The_commands_of_a_page_work_and_say_what_it_shows(string name)
    {
        var page = DocsPage.Named(name);
        var shells = page.Blocks.Index().Where(block => block.Item.Language == Shell).ToList();
        var script = new StringBuilder("set -euo pipefail\n");
        foreach (var (place, block) in shells)
        {
            script.Append(CultureInfo.InvariantCulture, $"echo '{Mark}{place}'\n{block.Text}");
        }

        var (exitCode, said) = await system.RunAsync(script.ToString());

        var parts = said.Split(Mark).Skip(1).ToDictionary(part => int.Parse(part.Split('\n')[0], CultureInfo.InvariantCulture), part => part[(part.IndexOf('\n') + 1)..]);
        var last = page.Blocks[parts.Count > 0 ? parts.Keys.Max() : shells[0].Index];
        Assert.True(exitCode == 0, $"{name}:{last.Line}: exit code {exitCode} in this block\n{last.Text}\n{string.Join('\n', said.Split('\n').TakeLast(LinesShown))}");
        foreach (var (place, block) in shells)
        {
            if (place + 1 < page.Blocks.Count && page.Blocks[place + 1] is { Language: "" } shown)
            {
                var heard = parts[place].Split('\n').Select(Normal).ToList();
                Assert.All(
                    shown.Text.Split('\n').Select(Normal).Where(line => line.Length > 0 && line != Ellipsis),
                    line => Assert.True(heard.Exists(Shortened(line).IsMatch), $"{name}:{shown.Line}: nothing says\n  {line}\nof what is shown; it said\n{parts[place]}"));
            }
        }
    }

    /// <summary>What does not change from one machine and one run to the next: frames of tables, numbers, ids, durations and signs left out.</summary>
    private static string Normal(string line) => Blanks().Replace(Number().Replace(Id().Replace(Frame().Replace(line, " "), "#"), "#"), " ").Trim();

    private static Regex Shortened(string line) => new($"^{string.Join(".*", line.Split(Ellipsis, StringSplitOptions.TrimEntries).Select(Regex.Escape))}$");

    [GeneratedRegex(@"[─│╭╮╰╯├┤┬┴┼]")]
    private static partial Regex Frame();

    [GeneratedRegex(@"\b[0-9a-f]{20}([0-9a-f]{44})?\b|\b(?=[a-f]*[0-9])[0-9a-f]{6}\b")]
    private static partial Regex Id();

    [GeneratedRegex(@"(< )?[+−-]?\d+([.,:]\d+)*")]
    private static partial Regex Number();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
