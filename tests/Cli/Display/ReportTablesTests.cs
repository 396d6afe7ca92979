using ReidCloud.Cli;
using ReidCloud.Cli.Display;
using ReidCloud.Reports;
using ReidCloud.Specs;
using Spectre.Console;

namespace ReidCloud.Tests.Cli.Display;

public sealed class ReportTablesTests
{
    private static readonly CheckpointRef Student = new("00000000000000000001");
    private static readonly MetricReport Report = new(
        "00000000000000000009",
        new EvaluateSpec("mars", Student),
        [Figures(RetrievalSetting.ImageToVideo, 0.736)],
        new Lineage("data", [], "0", "1", "1", "cpu", 1, "here", "now"),
        new RunCost(1, 0, 0));

    [Fact]
    public void Two_models_stand_side_by_side_with_what_lies_between_them()
    {
        var text = Text(Report with
        {
            GalleryCurve = [new(8, Figures(RetrievalSetting.ImageToVideo, 0.736)), new(1, Figures(RetrievalSetting.ImageToVideo, 0.6))],
            CameraBias = new CameraBias(6, 100, 90, 0.5, 1.0 / 6),
            Against = new MeasuredModel(CheckpointRef.Pushed("teacher"), [Figures(RetrievalSetting.ImageToVideo, 0.707)])
            {
                GalleryCurve = [new(8, Figures(RetrievalSetting.ImageToVideo, 0.707)), new(1, Figures(RetrievalSetting.ImageToVideo, 0.61))],
                CameraBias = new CameraBias(6, 100, 90, 0.8, 1.0 / 6),
            },
        });

        Assert.Matches(@"setting +│ figure +│ 00000000000000000001 │ teacher │ difference", text);
        Assert.Matches(@"image-to-video +│ mAP \(trapezoidal\) +│ 73\.6 % +│ 70\.7 % +│ \+2\.9 ", text);
        Assert.Matches(@"image-to-video +│ 1 +│ 60\.0 % +│.*│ 61\.0 % +│ -1\.0 +│\s+│ image-to-video +│ 8 +│ 73\.6 %", text);
        Assert.Matches(@"00000000000000000001 +│ 50\.0 % +│ 16\.7 % +│ 6 ", text);
        Assert.Matches(@"teacher +│ 80\.0 % +│ 16\.7 % +│ 6 ", text);
    }

    [Fact]
    public void What_was_not_measured_has_no_table()
    {
        Assert.Equal(1, Text(Report).Split('╭').Length - 1);
        Assert.Empty(Text(Report with { Settings = [] }));
    }

    [Fact]
    public void Of_many_files_the_first_are_named_and_the_rest_counted()
    {
        using var output = new StringWriter();
        new Terminal(output, TextWriter.Null).Out.Write(ReportTables.Files(Report with
        {
            Files = [.. Enumerable.Range(0, 30).Select(i => new RunFile($"map-{i:D4}.png", "blob", 1024, new string('a', 64)))],
        }));

        Assert.Contains("map-0019.png", output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("map-0020.png", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("and 10 more", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Groups_stand_with_their_own_mean()
    {
        var metrics = new SettingMetrics(RetrievalSetting.ImageToImage, 5, 5, 5, 0.4, 1, 1, 0.5, 0.65, 0.3)
        {
            Groups = [new QueryGroup("single-camera", 3, 1 / 3.0, 1, 0.75), new QueryGroup("cross-camera", 2, 0.5, 1, 0.5)],
            MeanGroupMap = 0.625,
        };
        var report = new MetricReport("r", new EvaluateSpec("tigers", new CheckpointRef("0123456789abcdef0123")), [metrics], new Lineage("", [], "", "", "", "", 1, "", ""), new RunCost(1, 0, 0));
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(text) });
        console.Profile.Width = 200;

        ReportTables.WriteFigures(console, report);

        var rows = text.ToString().Split('\n').Select(line => string.Join(' ', line.Split('│', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))).ToList();
        Assert.Contains("image-to-image single-camera 3 75.0 % 33.3 % 100.0 %", rows);
        Assert.Contains("image-to-image cross-camera 2 50.0 % 50.0 % 100.0 %", rows);
        Assert.Contains("image-to-image mean (mmAP) 62.5 %", rows);
    }

    private static SettingMetrics Figures(RetrievalSetting setting, double map) => new(setting, 10, 10, 20, 0.8, 0.9, 0.95, map, map, 0.5);

    private static string Text(MetricReport report)
    {
        using var output = new StringWriter();
        ReportTables.WriteFigures(new Terminal(output, TextWriter.Null).Out, report);
        return output.ToString();
    }
}
