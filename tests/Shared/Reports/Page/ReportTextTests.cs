using ReidCloud.Cli.Display;
using ReidCloud.Reports;
using ReidCloud.Reports.Page;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;
using Spectre.Console;

namespace ReidCloud.Tests.Shared.Reports.Page;

public sealed class ReportTextTests
{
    [Theory]
    [InlineData("student")]
    [InlineData("plain")]
    [InlineData("explained")]
    [InlineData("matchless")]
    [InlineData("mutual")]
    [InlineData("camera-less")]
    [InlineData("infrared")]
    public void A_report_in_markdown_is_as_approved(string sample)
    {
        var (report, insights) = sample switch { "student" => SampleReports.Student(), "plain" => SampleReports.Plain(), "explained" => SampleReports.Explained(), "mutual" => SampleVariants.Mutual(), "camera-less" => SampleVariants.CameraLess(), "infrared" => SampleVariants.Infrared(), _ => SampleReports.Matchless() };

        Approved.Matches($"report.{sample}.md", ReportText.Write(report, insights));
    }

    [Fact]
    public void How_cameras_fare_that_are_new_to_the_model_stands_in_each_form()
    {
        var (report, insights) = SampleReports.Plain();
        report = report with { KnownCameras = [new KnownCameraFigures(RetrievalSetting.ImageToVideo, true, false, 31, 0.25, 0.125)] };
        using var terminal = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(terminal), ColorSystem = ColorSystemSupport.NoColors, Ansi = AnsiSupport.No });
        console.Profile.Width = 200;
        ReportTables.WriteFigures(console, report);

        Assert.Contains("| image-to-video | known cameras | new cameras | 31 | 12.5 % | 25.0 % |", ReportText.Write(report, insights), StringComparison.Ordinal);
        Assert.Contains("<th scope=\"row\">image-to-video</th><td>known cameras</td><td>new cameras</td><td>31</td>", ReportPage.Write(report, insights), StringComparison.Ordinal);
        Assert.Matches("image-to-video +│ +known cameras +│ +new cameras +│ +12.5 % +│ +25.0 % +│ +31", terminal.ToString());
        Assert.DoesNotContain("new cameras", ReportText.Write(SampleReports.Plain().Report, insights), StringComparison.Ordinal);
    }

    [Fact]
    public void What_each_cameras_statistics_stand_on_is_in_each_form()
    {
        var (report, insights) = SampleReports.Plain();
        report = report with
        {
            CameraStatistics = [new("query images", "c1", 668, 10, 64), new("query images", "c2", 12, 1, 12), new("gallery images", "c1", 2738, 42, 64), new("gallery images", "<b>", 1, 0, 0)],
        };
        using var terminal = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(terminal), ColorSystem = ColorSystemSupport.NoColors, Ansi = AnsiSupport.No });
        console.Profile.Width = 200;
        ReportTables.WriteFigures(console, report);
        var text = ReportText.Write(report, insights);

        Assert.Contains("| camera | query images | gallery images |", text, StringComparison.Ordinal);
        Assert.Contains("| c1 | 10 × 64 of 668 | 42 × 64 of 2,738 |\n| c2 | 1 × 12 of 12 | – |\n| \\<b\\> | – | 0 × 0 of 1 |", text, StringComparison.Ordinal);
        Assert.Contains("<th scope=\"row\">c1</th><td>10 × 64 of 668</td><td>42 × 64 of 2,738</td>", ReportPage.Write(report, insights), StringComparison.Ordinal);
        Assert.Contains(",,query images,,cameraBatches[c2],1,,,,,\r\n", ReportTable.Write(report, insights), StringComparison.Ordinal);
        Assert.Matches("gallery images +│ +c1 +│ +42 +│ +64 +│ +2,?738", terminal.ToString());
        Assert.DoesNotContain("query images", ReportText.Write(SampleReports.Plain().Report, insights), StringComparison.Ordinal);
    }

    [Fact]
    public void What_others_named_makes_no_markup()
    {
        var (report, insights) = SampleReports.Plain();

        var text = ReportText.Write(report with { Warnings = ["**a** | <b> [x](y) `c` @someone #12 $d$ \u202E\n# e"] }, insights);

        Assert.Contains(@"> **Warning:** \*\*a\*\* \| \<b\> \[x\](y) \`c\` @<!-- -->someone \#12 \$d\$ ??\# e", text, StringComparison.Ordinal);
    }
}
