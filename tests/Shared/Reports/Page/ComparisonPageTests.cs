using System.Xml.Linq;
using ReidCloud.Cli.Display;
using ReidCloud.Reports.Comparisons;
using ReidCloud.Reports.Page;
using ReidCloud.Tests.Testing;
using Spectre.Console;

namespace ReidCloud.Tests.Shared.Reports.Page;

public sealed class ComparisonPageTests
{
    [Theory]
    [InlineData("mixed", "runs,figures,seeds,differences,datasets,places")]
    [InlineData("seeds", "runs,figures,seeds,differences,places")]
    [InlineData("pair", "runs,figures,differences,places")]
    public void It_has_what_there_is_to_compare(string sample, string sections)
    {
        var page = XDocument.Parse(ComparisonPage.Write(Sample(sample)));

        Assert.Equal(sections.Split(','), page.Descendants("section").Select(section => section.Attribute("id")!.Value));
        Assert.Single(page.Descendants("h1"));
        Assert.All(page.Descendants("table"), table => Assert.Single(table.Descendants("tr").Select(row => row.Elements().Count()).Distinct()));
        Assert.All(page.Descendants("svg"), drawing => Assert.False(string.IsNullOrWhiteSpace(drawing.Element("title")!.Value)));
        Assert.DoesNotContain(page.Descendants(), element => element.Name.LocalName is "tbody" or "ul" or "div" or "script" && !element.Nodes().Any());
    }

    [Theory]
    [InlineData("mixed", "4 runs side by side; not all were measured on the same and in the same way, so none is called the best.")]
    [InlineData("seeds", "view-distillation of resnet50 on mars: over 5 outcomes of 5 runs, mAP (standard) in image-to-video search is 77.2 ± 0.5 %.")]
    [InlineData("pair", "Of 2 runs, B has the highest mAP (standard) in image-to-video search: 77.2 % (75.5–78.8), +1.2 points to A (95 %: +0.2 to +2.2, p = 0.004).")]
    public void It_opens_with_the_answer(string sample, string answer)
    {
        var page = XDocument.Parse(ComparisonPage.Write(Sample(sample)));

        Assert.Equal(answer, page.Descendants("p").First(one => (string?)one.Attribute("class") == "answer").Value.Replace("\u2060", "", StringComparison.Ordinal).Replace('\u00A0', ' '));
    }

    [Fact]
    public void Trained_on_by_tested_on_stands_in_each_form_as_mean_and_deviation()
    {
        var comparison = SampleComparisons.Transfer();
        const string title = "view-distillation of resnet50 on mars", first = "77.1 ± 0.7 % (n = 2)", other = "47.7 ± 0.7 % (n = 2)";

        var page = XDocument.Parse(ComparisonPage.Write(comparison));
        Assert.Contains(page.Descendants("tr"), row => row.Elements().Select(cell => cell.Value).SequenceEqual([title, first, other]));
        Assert.Contains($"| {title} | {first} | {other} |", ComparisonText.Write(comparison), StringComparison.Ordinal);
        Assert.Contains($"transfer,00000000000000000002 00000000000000000003,,{title},duke-video,,image-to-video,,,mapStandard,", ComparisonTable.Write(comparison), StringComparison.Ordinal);
        using var terminal = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(terminal), ColorSystem = ColorSystemSupport.NoColors, Ansi = AnsiSupport.No });
        console.Profile.Width = 200;
        SideBySideTables.Write(console, comparison);
        Assert.Matches($"{title} +│ +77.1 ± 0.7 % \\(n = 2\\) +│ +47.7 ± 0.7 % \\(n = 2\\)", terminal.ToString());
    }

    [Fact]
    public void In_markdown_it_is_as_approved() => Approved.Matches("comparison.mixed.md", ComparisonText.Write(SampleComparisons.Mixed()));

    [Fact]
    public void As_a_table_it_is_as_approved()
    {
        var table = ComparisonTable.Write(SampleComparisons.Mixed());

        Approved.Matches("comparison.mixed.csv", table);
        Assert.StartsWith("kind,run,against,title,dataset,seed,setting,variant,peer,metric,value,low,high,p,sd,n\r\n", table, StringComparison.Ordinal);
    }

    private static Comparison Sample(string sample) => sample switch
    {
        "mixed" => SampleComparisons.Mixed(),
        "seeds" => SampleComparisons.Seeds(),
        _ => SampleComparisons.Pair(),
    };
}
