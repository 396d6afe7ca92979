using ReidCloud.Cli.Display;
using ReidCloud.Reports;
using ReidCloud.Specs;
using Spectre.Console;

namespace ReidCloud.Tests.Cli.Display;

public sealed class ReportTablesTests
{
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
}
