using ReidCloud.Reports.Page.Charts;

namespace ReidCloud.Reports.Page.Sections;

/// <summary>How well one camera's views are found in another's, and how much the embedding tells of the camera.</summary>
internal static class CamerasSection
{
    private const int MostCameras = 20;

    public static PageSection? Of(MetricReport report, ReportInsights insights) =>
        PageSection.Of("cameras", "Cameras", Maps(insights), Known(report), Bias(report), ModalityBias(report), Statistics(report));

    private static Markup Maps(ReportInsights insights) =>
        Markup.Join(insights.Settings.Select(Map)) is { IsEmpty: false } maps ? Markup.Of($"""<div class="maps">{maps}</div>""") : Markup.Empty;

    private static Markup Map(SettingInsights setting)
    {
        if (!setting.CameraPairs.Any(pair => pair.Map is not null))
        {
            return Markup.Empty;
        }

        var name = RetrievalTitle.Of(setting.Setting, setting.Variant);
        var (rows, moreRows) = Chosen(setting.CameraPairs.GroupBy(pair => pair.QueryCamera));
        var (columns, moreColumns) = Chosen(setting.CameraPairs.GroupBy(pair => pair.GalleryCamera));
        var pairs = setting.CameraPairs.DistinctBy(pair => (pair.QueryCamera, pair.GalleryCamera)).ToDictionary(pair => (pair.QueryCamera, pair.GalleryCamera));
        IReadOnlyList<IReadOnlyList<HeatCell?>> cells = [.. rows.Select(row => columns.Select(column => Cell(pairs.GetValueOrDefault((row, column)))).ToList())];
        var map = new HeatMap($"mAP (standard) in percent by cameras, {name}", "query", "gallery", rows, columns, cells);
        var more = Math.Max(moreRows, moreColumns);
        return Markup.Of($"""<div>{map.Draw()}{(more > 0 ? Markup.Of($"""<p class="note">The cameras with the most queries; {Amounts.Count(more)} more are in {RunFileName.Insights}.</p>""") : Markup.Empty)}</div>""");
    }

    private static HeatCell? Cell(CameraPairMap? pair) =>
        pair?.Map is { } map ? new HeatCell(map, $"{Amounts.Percent(map)}, {Amounts.Count(pair.Queries)} {(pair.Queries == 1 ? "query" : "queries")}") : null;

    private static (IReadOnlyList<string> Names, int More) Chosen(IEnumerable<IGrouping<string, CameraPairMap>> cameras)
    {
        var all = cameras.ToList();
        return ([.. all.OrderByDescending(camera => camera.Sum(pair => pair.Queries)).Take(MostCameras).Select(camera => camera.Key).Order(StringComparer.Ordinal)], Math.Max(0, all.Count - MostCameras));
    }

    private static Markup Known(MetricReport report)
    {
        var table = new DataTable("By whether the training knew the cameras", 3, [.. ReportWords.KnownCamerasHead]);
        foreach (var row in ReportWords.KnownCameras(report))
        {
            table.Row(row[0], [.. row.Skip(1)]);
        }

        return table.IsEmpty ? Markup.Empty : Markup.Of($"""<h3>Cameras new to the model</h3>{table.Draw()}<p class="note">{ReportWords.KnownCamerasMeaning}</p>""");
    }

    private static Markup Statistics(MetricReport report)
    {
        var table = new DataTable("Mini-batches that each camera's batch-norm statistics stand on", 1, [.. ReportWords.CameraStatisticsHead(report)]);
        foreach (var row in ReportWords.CameraStatistics(report))
        {
            table.Row(row[0], [.. row.Skip(1)]);
        }

        return table.IsEmpty ? Markup.Empty : Markup.Of($"""<h3>{ReportWords.CameraStatisticsTitle}</h3>{table.Draw()}<p class="note">{ReportWords.CameraStatisticsMeaning(report)}</p>""");
    }

    private static Markup Bias(MetricReport report)
    {
        var titles = ModelTitles.Of(report.Spec);
        var table = new DataTable("Camera read off embeddings by a linear classifier", 1, "model", "recognized", "chance", "cameras", "trained on", "tested on");
        foreach (var (title, measured) in new[] { (titles.First, report.CameraBias), (titles.Second, report.Against?.CameraBias) })
        {
            if (measured is { } bias)
            {
                table.Row(title, Amounts.Percent(bias.BalancedAccuracy), Amounts.Percent(bias.Chance), Amounts.Count(bias.Cameras), Amounts.Count(bias.TrainedOn), Amounts.Count(bias.TestedOn));
            }
        }

        return Titled(
            "Camera bias",
            table,
            "The mean over cameras of the share of images whose camera is recognized, of identities that the classifier has not seen. The nearer to chance, the less the embedding tells of the camera.");
    }

    private static Markup ModalityBias(MetricReport report)
    {
        var titles = ModelTitles.Of(report.Spec);
        var table = new DataTable("Modality read off embeddings by a linear classifier", 1, "model", "recognized", "chance", "trained on", "tested on");
        foreach (var (title, measured) in new[] { (titles.First, report.ModalityBias), (titles.Second, report.Against?.ModalityBias) })
        {
            if (measured is { } bias)
            {
                table.Row(title, Amounts.Percent(bias.BalancedAccuracy), Amounts.Percent(0.5), Amounts.Count(bias.TrainedOn), Amounts.Count(bias.TestedOn));
            }
        }

        return Titled(
            "Modality bias",
            table,
            "The mean over visible and infrared images of the share whose modality is recognized, of identities that the classifier has not seen. The nearer to chance, the less the embedding tells of the modality.");
    }

    private static Markup Titled(string title, DataTable table, string note) =>
        table.IsEmpty ? Markup.Empty : Markup.Of($"""<h3>{title}</h3>{table.Draw()}<p class="note">{note}</p>""");
}
