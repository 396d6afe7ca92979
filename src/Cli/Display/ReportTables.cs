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
    internal const string Definitions =
        "mAP (trapezoidal) is the definition of the Market-1501 and MARS tools, mAP (standard) the mean of the precision at each hit.";

    internal const string ErrorBars = "In parentheses: where the figure lies with 95 % confidence, had the queries been others of their kind (bootstrap over queries).";

    /// <summary>All that a report says.</summary>
    public static void Write(IAnsiConsole console, MetricReport report)
    {
        console.Write(Facts(report));
        WriteFigures(console, report);
        if (report.Losses.Count > 0)
        {
            console.Write(Losses(report));
        }

        if (report.Files.Count > 0)
        {
            console.Write(Files(report));
            if (Legend(report.Spec) is { } legend)
            {
                console.WriteLine(legend);
            }
        }
    }

    /// <summary>Several models side by side, one row per retrieval setting and model.</summary>
    public static void WriteComparison(IAnsiConsole console, IReadOnlyList<(string Model, MetricReport Report)> models)
    {
        var table = new WideTable(2, ["setting", "model", "mAP (trapezoidal)", "mAP (standard)", "mINP", "rank-1", "rank-5", "rank-10"]);
        foreach (var any in models.SelectMany(model => model.Report.Settings).DistinctBy(metrics => metrics.Name))
        {
            foreach (var (name, report) in models)
            {
                if (report.Settings.FirstOrDefault(metrics => metrics.Name == any.Name) is { } metrics)
                {
                    table.AddRow([RetrievalTitle.Of(metrics), name, .. Figures(metrics)]);
                }
            }
        }

        console.Write(table);
        WriteMeaning(console, models.SelectMany(model => model.Report.Settings));
    }

    /// <summary>All that was measured, as far as anything was, and what its reader must know.</summary>
    public static void WriteFigures(IAnsiConsole console, MetricReport report)
    {
        foreach (var table in Results(report))
        {
            console.Write(table);
        }

        if (report.Settings.Count > 0)
        {
            WriteMeaning(console, report.Settings);
        }

        foreach (var term in MeasuringTerms.Of(report.Spec))
        {
            console.WriteLine($"Note: {term}", new Style(Color.Yellow));
        }

        foreach (var warning in report.Warnings)
        {
            console.WriteLine($"Warning: {warning}", new Style(Color.Yellow));
        }
    }

    private static IEnumerable<WideTable> Results(MetricReport report)
    {
        if (report.Settings.Count > 0)
        {
            yield return Settings(report.Settings);
        }

        if (report.Settings.Any(metrics => metrics.Groups.Count > 0))
        {
            yield return ComparisonTables.Groups(report);
        }

        if (report.Peers.Count > 0)
        {
            yield return PeerTables.Figures(report);
            yield return PeerTables.Differences(report);
        }
        else if (report.Against is { Settings.Count: > 0 } against)
        {
            yield return ComparisonTables.Figures(report, against);
        }

        if (PublishedBeside.Of(report) is { } beside)
        {
            yield return RetrievalTables.Published(beside);
        }

        if (report.Settings.Any(metrics => metrics.Roc.Count > 0))
        {
            yield return RetrievalTables.Roc(report.Settings);
        }

        if (report.Settings.Any(metrics => metrics.Curves.Count > 0))
        {
            yield return RetrievalTables.Curves(report.Settings);
        }

        if (report.GalleryCurve.Count > 0)
        {
            yield return ComparisonTables.Curve(report);
        }

        if (report.KnownCameras.Count > 0)
        {
            yield return ComparisonTables.KnownCameras(report);
        }

        if (report.CameraStatistics.Count > 0)
        {
            yield return ComparisonTables.CameraStatistics(report);
        }

        if (report.CameraBias is not null || report.Against?.CameraBias is not null)
        {
            yield return ComparisonTables.CameraBias(report);
        }

        if (report.ModalityBias is not null || report.Against?.ModalityBias is not null)
        {
            yield return ComparisonTables.ModalityBias(report);
        }
    }

    /// <summary>Figures alone, with what their names mean.</summary>
    public static void WriteSettings(IAnsiConsole console, IReadOnlyList<SettingMetrics> settings)
    {
        console.Write(Settings(settings));
        if (settings.Any(metrics => metrics.Roc.Count > 0))
        {
            console.Write(RetrievalTables.Roc(settings));
        }

        if (settings.Any(metrics => metrics.Curves.Count > 0))
        {
            console.Write(RetrievalTables.Curves(settings));
        }

        WriteMeaning(console, settings);
    }

    private static void WriteMeaning(IAnsiConsole console, IEnumerable<SettingMetrics> settings)
    {
        console.WriteLine(Definitions);
        foreach (var metrics in settings.Where(metrics => metrics.Trials is { Trials: > 1 }))
        {
            var trials = metrics.Trials!;
            console.WriteLine(
                $"{RetrievalTitle.Of(metrics)}: means over {Count(trials.Trials)} drawn galleries, ± the standard deviation between them: mAP (standard) {Words.Percent(metrics.MapStandard)} ± {Words.Percent(trials.MapStandard ?? 0)}, rank-1 {Words.Percent(metrics.Rank1)} ± {Words.Percent(trials.Rank1 ?? 0)}.");
        }

        if (settings.Any(metrics => metrics.Intervals is not null))
        {
            console.WriteLine(ErrorBars);
        }
    }

    private static WideTable Settings(IReadOnlyList<SettingMetrics> settings)
    {
        var table = new WideTable(1, ["setting", "queries", "with a match", "gallery", "mAP (trapezoidal)", "mAP (standard)", "mINP", "rank-1", "rank-5", "rank-10"]);
        foreach (var metrics in settings)
        {
            table.AddRow(
            [
                Indented(metrics, settings),
                Count(metrics.Queries),
                Count(metrics.QueriesWithMatch),
                Count(metrics.Gallery),
                .. Figures(metrics),
            ]);
        }

        return table;
    }

    /// <summary>Other ways of searching stand below their setting under what they are called: `  local distance, re-ranked`.</summary>
    private static string Indented(SettingMetrics metrics, IReadOnlyList<SettingMetrics> settings) =>
        settings.First(other => other.Setting == metrics.Setting) == metrics ? RetrievalTitle.Of(metrics) : $"  {RetrievalTitle.Of(metrics.Variant)}";

    /// <summary>Every epoch, or about ten of them when there are many.</summary>
    private static WideTable Losses(MetricReport report)
    {
        var names = report.Losses.SelectMany(epoch => epoch.Losses.Keys).Distinct().ToList();
        var table = new WideTable(1, ["epoch", "learning rate", .. names]);
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

    /// <summary>What the run left; the first and the last of many.</summary>
    private static WideTable Files(MetricReport report)
    {
        var table = new WideTable(1, ["file", "size", "SHA-256"]);
        var between = report.Files.Skip(MostFiles / 2).SkipLast(MostFiles / 2).ToList();
        foreach (var file in report.Files.Take(MostFiles / 2))
        {
            Row(file);
        }

        if (between.Count > 0)
        {
            table.AddRow($"{between.Count} more", Words.Bytes(between.Sum(file => file.Length)), "");
        }

        foreach (var file in report.Files.Skip(MostFiles / 2).TakeLast(MostFiles / 2))
        {
            Row(file);
        }

        return table;

        void Row(RunFile file) => table.AddRow(file.Name, Words.Bytes(file.Length), file.Sha256[..HashDigits]);
    }

    /// <summary>How pictures are read that say nothing themselves.</summary>
    private static string? Legend(RunSpec spec) => spec switch
    {
        ExplainSpec { Against: null } => "sheet.png has each image and below it where the network looks, the more the redder; images.json says which frame it is.",
        ExplainSpec => "sheet.png has each image, below it where `checkpoint` looks, and below that `against`, the more the redder, on one scale; images.json says "
            + "which frame it is.",
        ExportSpec => "model.onnx is the network, from normalized images to embeddings; model-card.md says how to use it, how good it is, and where it comes from.",
        _ => null,
    };

    private static Grid Facts(MetricReport report)
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

        if (report.Spec is TrainSpec)
        {
            Row("checkpoint", report.Lineage.CheckpointSha256);
        }
        else if (report.Lineage.TrainedOnDatasetHash is { } trained && trained != report.Lineage.DatasetHash)
        {
            Row("trained on", $"another data set ({trained})");
        }

        Row("seed", report.Spec.Seed.ToString(CultureInfo.InvariantCulture));
        Row("made by", $"ReidCloud {report.Lineage.ProductVersion}, libtorch {report.Lineage.TorchVersion}, {report.Lineage.Device}, {report.Lineage.Threads} threads, {report.Lineage.Runtime}");
        Row("on", report.Lineage.Machine);
        var pace = report.Spec is TrainSpec ? $" {Words.Number(report.Cost.TrainingImagesPerSecond)} training images/s," : "";
        Row("cost", $"{Words.Duration(TimeSpan.FromSeconds(report.Cost.Seconds))},{pace} {Words.Bytes(report.Cost.PeakMemoryBytes)} at most");
        return grid;
    }

    private static string[] Figures(SettingMetrics metrics) =>
        [.. ReportMetric.All.Select(metric => Words.Percent(metric.ValueOf(metrics), metrics.Intervals is { } bars ? metric.IntervalOf(bars) : null))];

    internal static string Count(int number) => number.ToString(CultureInfo.InvariantCulture);
}
