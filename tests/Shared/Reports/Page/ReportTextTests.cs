using ReidCloud.Reports;
using ReidCloud.Reports.Page;
using ReidCloud.Tests.Testing;

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
    public void A_report_in_markdown_is_as_approved(string sample)
    {
        var (report, insights) = sample switch { "student" => SampleReports.Student(), "plain" => SampleReports.Plain(), "explained" => SampleReports.Explained(), "mutual" => SampleVariants.Mutual(), "camera-less" => SampleVariants.CameraLess(), _ => SampleReports.Matchless() };

        Approved.Matches($"report.{sample}.md", ReportText.Write(report, insights));
    }

    [Fact]
    public void What_others_named_makes_no_markup()
    {
        var (report, insights) = SampleReports.Plain();

        var text = ReportText.Write(report with { Warnings = ["**a** | <b> [x](y) `c` @someone #12 $d$ \u202E\n# e"] }, insights);

        Assert.Contains(@"> **Warning:** \*\*a\*\* \| \<b\> \[x\](y) \`c\` @<!-- -->someone \#12 \$d\$ ??\# e", text, StringComparison.Ordinal);
    }
}
