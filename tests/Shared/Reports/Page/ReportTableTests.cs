using ReidCloud.Reports.Page;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Shared.Reports.Page;

public sealed class ReportTableTests
{
    [Fact]
    public void A_report_as_a_table_is_as_approved()
    {
        var (report, insights) = SampleReports.Student();

        var table = ReportTable.Write(report, insights);

        Approved.Matches("report.student.csv", table);
        Assert.All(table.TrimEnd().Split("\r\n"), row => Assert.Equal(13, row.Split(',').Length));
    }

    [Fact]
    public void Every_way_of_searching_and_every_peer_has_rows_of_its_own()
    {
        var (report, insights) = SampleVariants.Mutual();

        var table = ReportTable.Write(report, insights);

        Approved.Matches("report.mutual.csv", table);
        var keys = table.TrimEnd().Split("\r\n").Skip(1).Select(row => string.Join(',', row.Replace("\"", "", StringComparison.Ordinal).Split(',')[3..^6])).ToList();
        Assert.Equal(keys.Distinct(), keys);
    }

    [Fact]
    public void Where_nothing_was_measured_only_the_columns_are_named()
    {
        var (report, insights) = SampleReports.Explained();

        Assert.Equal("run,dataset,seed,model,setting,variant,metric,value,low,high,p,queries,gallery\r\n", ReportTable.Write(report, insights));
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("say \"x\"", "\"say \"\"x\"\"\"")]
    [InlineData("=1+1", "\"'=1+1\"")]
    [InlineData("@SUM(A1)", "\"'@SUM(A1)\"")]
    [InlineData("  -2", "\"'  -2\"")]
    [InlineData("+cmd|' /C calc'!A0", "\"'+cmd|' /C calc'!A0\"")]
    [InlineData("\t=1", "?=1")]
    [InlineData("two\r\nlines", "two??lines")]
    public void Words_stay_words_in_every_spreadsheet(string word, string field)
    {
        var text = new CsvText("a");

        text.Row(word);

        Assert.Equal($"a\r\n{field}\r\n", text.ToString());
    }

    [Fact]
    public void Numbers_are_whole_and_negative_ones_no_formula()
    {
        var text = new CsvText("a", "b", "c");

        text.Row(-0.1, 1.0 / 3, null);

        Assert.Equal("a,b,c\r\n-0.1,0.3333333333333333,\r\n", text.ToString());
    }
}
