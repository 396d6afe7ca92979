using System.Globalization;
using ReidCloud.Cli.Progress;
using ReidCloud.Reports;
using ReidCloud.Specs;
using Spectre.Console;

namespace ReidCloud.Cli.Display;

/// <summary>Reports as tables. Average precision always stands with the name of its definition.</summary>
internal static class ReportTables
{
    private const int MostFiles = 20;
    private const int HashDigits = 16;

    /// <summary>Several models side by side, one row per retrieval setting and model.</summary>
    public static Table Comparison(IReadOnlyList<(string Model, MetricReport Report)> models)
    {
        var table = Head("setting", "model", "mAP (trapezoidal)", "mAP (standard)", "mINP", "rank-1", "rank-5", "rank-10");
        var settings = models.SelectMany(model => model.Report.Settings).Select(metrics => metrics.Setting).Distinct();
        foreach (var setting in settings)
        {
            foreach (var (name, report) in models)
            {
                foreach (var metrics in report.Settings.Where(metrics => metrics.Setting == setting))
                {
                    table.AddRow([NameConverterFactory.NameOf(setting), Markup.Escape(name), .. Figures(metrics)]);
                }
            }
        }

        return table;
    }

    /// <summary>All that was measured, as far as anything was.</summary>
    public static void WriteFigures(IAnsiConsole console, MetricReport report)
    {
        foreach (var table in Results(report))
        {
            console.Write(table);
        }
    }

    private static IEnumerable<Table> Results(MetricReport report)
    {
        if (report.Settings.Count > 0)
        {
            yield return Settings(report);
        }

        if (report.Settings.Any(metrics => metrics.Groups.Count > 0))
        {
            yield return Groups(report);
        }

        if (report.Against is { Settings.Count: > 0 } against)
        {
            yield return ComparisonTables.Figures(report, against);
        }

        if (report.GalleryCurve.Count > 0)
        {
            yield return ComparisonTables.Curve(report);
        }

        if (report.CameraBias is not null || report.Against?.CameraBias is not null)
        {
            yield return ComparisonTables.CameraBias(report);
        }
    }

    public static Table Settings(MetricReport report)
    {
        var table = Head("setting", "queries", "with a match", "gallery", "mAP (trapezoidal)", "mAP (standard)", "mINP", "rank-1", "rank-5", "rank-10");
        foreach (var metrics in report.Settings)
        {
            table.AddRow(
            [
                NameConverterFactory.NameOf(metrics.Setting),
                Count(metrics.Queries),
                Count(metrics.QueriesWithMatch),
                Count(metrics.Gallery),
                .. Figures(metrics),
            ]);
        }

        return table;
    }

    /// <summary>Figures of parts of the queries, where the protocol tells them apart, and the mean of their mAP.</summary>
    public static Table Groups(MetricReport report)
    {
        var table = Head("setting", "group", "queries", "mAP (standard)", "rank-1", "rank-5");
        foreach (var metrics in report.Settings.Where(metrics => metrics.Groups.Count > 0))
        {
            foreach (var group in metrics.Groups)
            {
                table.AddRow(
                    NameConverterFactory.NameOf(metrics.Setting), Markup.Escape(group.Name), Count(group.Queries),
                    Words.Percent(group.MapStandard), Words.Percent(group.Rank1), Words.Percent(group.Rank5));
            }

            if (metrics.MeanGroupMap is { } mean)
            {
                table.AddRow(NameConverterFactory.NameOf(metrics.Setting), "mean (mmAP)", "", Words.Percent(mean), "", "");
            }
        }

        return table;
    }

    /// <summary>Every epoch, or about ten of them when there are many.</summary>
    public static Table Losses(MetricReport report)
    {
        var names = report.Losses.SelectMany(epoch => epoch.Losses.Keys).Distinct().ToList();
        var table = Head(["epoch", "learning rate", .. names.Select(Markup.Escape)]);
        var every = Math.Max(1, (report.Losses.Count + 9) / 10);
        foreach (var (index, epoch) in report.Losses.Index().Where(entry => (entry.Index + 1) % every == 0 || entry.Index == report.Losses.Count - 1))
        {
            table.AddRow(
            [
                Count(epoch.Epoch),
                Words.Number(epoch.LearningRate),
                .. names.Select(name => epoch.Losses.TryGetValue(name, out var loss) ? Words.Number(loss) : ""),
            ]);
        }

        return table;
    }

    /// <summary>What the run left; the first few of many.</summary>
    public static Table Files(MetricReport report)
    {
        var table = Head("file", "size", "SHA-256");
        foreach (var file in report.Files.Take(MostFiles))
        {
            table.AddRow(Markup.Escape(file.Name), Words.Bytes(file.Length), file.Sha256[..HashDigits]);
        }

        var left = report.Files.Skip(MostFiles).ToList();
        if (left.Count > 0)
        {
            table.AddRow($"and {left.Count} more", Words.Bytes(left.Sum(file => file.Length)), "");
        }

        return table;
    }

    public static Grid Facts(MetricReport report)
    {
        var grid = new Grid().AddColumn().AddColumn();
        void Row(string name, string value) => grid.AddRow(new Text(name, new Style(decoration: Decoration.Dim)), new Text(value));
        Row("run", report.Run);
        Row("what", RunText.Job(report.Spec));
        Row("data set", $"{report.Spec.Dataset} ({report.Lineage.DatasetHash})");
        foreach (var parent in report.Lineage.Parents)
        {
            Row(parent.Role, $"{parent.Checkpoint}, checkpoint {parent.CheckpointSha256}");
        }

        Row("checkpoint", report.Lineage.CheckpointSha256);
        Row("seed", report.Spec.Seed.ToString(CultureInfo.InvariantCulture));
        Row("made by", $"ReidCloud {report.Lineage.ProductVersion}, libtorch {report.Lineage.TorchVersion}, {report.Lineage.Device}, {report.Lineage.Threads} threads, {report.Lineage.Runtime}");
        Row("on", report.Lineage.Machine);
        Row("cost", $"{Words.Duration(TimeSpan.FromSeconds(report.Cost.Seconds))}, {Words.Number(report.Cost.TrainingImagesPerSecond)} training images/s, {Words.Bytes(report.Cost.PeakMemoryBytes)} at most");
        return grid;
    }

    private static string[] Figures(SettingMetrics metrics) =>
    [
        Words.Percent(metrics.MapTrapezoidal),
        Words.Percent(metrics.MapStandard),
        Words.Percent(metrics.Minp),
        Words.Percent(metrics.Rank1),
        Words.Percent(metrics.Rank5),
        Words.Percent(metrics.Rank10),
    ];

    internal static Table Head(params string[] names)
    {
        var table = new Table().Border(TableBorder.Rounded);
        foreach (var name in names)
        {
            table.AddColumn(new TableColumn(name).NoWrap());
        }

        return table;
    }

    internal static string Count(int number) => number.ToString(CultureInfo.InvariantCulture);
}
