namespace ReidCloud.Reports.Page;

/// <summary>A report as Markdown: what one would paste into an issue or a draft. Tables of figures with their 95 % intervals, and what the numbers depend on.</summary>
public static class ReportText
{
    public static string Write(MetricReport report, ReportInsights insights)
    {
        var text = new MarkdownText();
        text.Heading(1, $"Report of run {report.Run}");
        text.Paragraph($"*{MarkdownText.Escaped(ModelTitles.Job(report.Spec))}*");
        text.Paragraph($"**{MarkdownText.Escaped(ReportAnswer.First(report))}**");
        if (ReportAnswer.Besides(report) is { } more)
        {
            text.Paragraph(MarkdownText.Escaped(more));
        }

        foreach (var term in MeasuringTerms.Of(report.Spec))
        {
            text.Paragraph($"> **Note:** {MarkdownText.Escaped(term)}");
        }

        foreach (var warning in report.Warnings)
        {
            text.Paragraph($"> **Warning:** {MarkdownText.Escaped(warning)}");
        }

        Figures(text, report);
        RetrievalText.Peers(text, report);
        RetrievalText.Curves(text, report);
        RetrievalText.Verification(text, report);
        Curve(text, report);
        KnownCameras(text, report);
        CameraStatistics(text, report);
        Health(text, report, insights);
        Dataset(text, insights.Dataset);
        Lineage(text, report);
        return text.ToString();
    }

    private static void Figures(MarkdownText text, MetricReport report)
    {
        if (report.Settings.Count == 0)
        {
            return;
        }

        var (titles, second) = (ModelTitles.Of(report.Spec), ReportedModel.Second(report));
        text.Heading(2, "Figures");
        foreach (var ways in report.Settings.GroupBy(metrics => metrics.Setting))
        {
            var metrics = ways.First();
            var other = second?.Of(metrics);
            text.Paragraph($"{RetrievalTitle.Of(metrics)}: {Amounts.Count(metrics.QueriesWithMatch)} of {Amounts.Count(metrics.Queries)} queries have a match in a gallery of {Amounts.Count(metrics.Gallery)}.");
            text.Table(1, ["figure", titles.First, .. other is null ? Array.Empty<string>() : [titles.Second, "difference", "p"]], metrics.QueriesWithMatch == 0 ? [] : ReportMetric.All.Select(metric =>
            {
                var difference = second?.Difference(metrics, metric);
                return (string[])
                [
                    metric.Title, RetrievalText.Stated(metric, metrics),
                    .. other is null ? Array.Empty<string>() :
                    [
                        RetrievalText.Stated(metric, other),
                        difference is null ? Amounts.Points(metric.ValueOf(metrics) - metric.ValueOf(other)) : $"{Amounts.Points(difference.Difference)} ({Amounts.Points(difference.Interval)})",
                        difference is null ? "" : Amounts.P(difference.PValue)[2..].TrimStart('=', ' '),
                    ],
                ];
            }));
            RetrievalText.Ways(text, report, [.. ways]);
        }

        if (PublishedBeside.Of(report) is { } beside)
        {
            text.Table(2, ["test", "figure", "published", "here", "points"], PublishedRow.Of(beside).Select(row => (string[])[row.Test, row.Figure, row.Published, row.Here, row.Points]));
            text.Paragraph(MarkdownText.Escaped(ReportWords.Published(beside)));
        }

        text.Paragraph(ReportWords.Figures(report));
        Groups(text, report);
    }

    private static void Groups(MarkdownText text, MetricReport report)
    {
        foreach (var metrics in report.Settings.Where(metrics => metrics.Groups.Count > 0))
        {
            text.Table(
                1, ["group", "queries", "mAP (standard)", "rank-1", "rank-5"],
                metrics.Groups.Select(group => (string[])[group.Name, Amounts.Count(group.Queries), Amounts.Percent(group.MapStandard), Amounts.Percent(group.Rank1), Amounts.Percent(group.Rank5)]));
            if (metrics.MeanGroupMap is { } mean)
            {
                text.Paragraph($"Mean of the groups' mAP (mmAP): {Amounts.Percent(mean)}.");
            }
        }
    }

    private static void Curve(MarkdownText text, MetricReport report)
    {
        if (report.GalleryCurve.Count > 0)
        {
            text.Heading(2, "Frames of a gallery tracklet");
            text.Table(1, ["setting", "frames", "mAP (standard)", "rank-1"], report.GalleryCurve.OrderBy(point => point.Metrics.Setting).ThenBy(point => point.Frames).Select(point => (string[])
            [
                RetrievalTitle.Of(point.Metrics), Amounts.Count(point.Frames),
                Amounts.PercentWithin(point.Metrics.MapStandard, point.Metrics.Intervals?.MapStandard), Amounts.PercentWithin(point.Metrics.Rank1, point.Metrics.Intervals?.Rank1),
            ]));
        }
    }

    private static void KnownCameras(MarkdownText text, MetricReport report)
    {
        if (report.KnownCameras.Count > 0)
        {
            text.Heading(2, "Cameras new to the model");
            text.Table(3, ReportWords.KnownCamerasHead, ReportWords.KnownCameras(report));
            text.Paragraph(ReportWords.KnownCamerasMeaning);
        }
    }

    private static void CameraStatistics(MarkdownText text, MetricReport report)
    {
        if (report.CameraStatistics.Count > 0)
        {
            text.Heading(2, ReportWords.CameraStatisticsTitle);
            text.Table(1, ReportWords.CameraStatisticsHead(report), ReportWords.CameraStatistics(report));
            text.Paragraph(ReportWords.CameraStatisticsMeaning(report));
        }
    }

    private static void Health(MarkdownText text, MetricReport report, ReportInsights insights)
    {
        if (insights.Health is { } health)
        {
            text.Heading(2, ReportWords.HealthTitle(report.Spec));
            text.Table(3, ["measure", "value", "what it means"], ReportWords.Health(health, ModelTitles.Of(report.Spec)).Select(row => (string[])[row.Name, row.Value, row.Meaning]));
        }
    }

    private static void Dataset(MarkdownText text, DatasetFacts dataset)
    {
        text.Heading(2, "Data");
        text.Paragraph($"{MarkdownText.Escaped(dataset.Name)} (layout {MarkdownText.Escaped(dataset.Layout)}, content `{Hash(dataset.Hash)}`)");
        text.Table(1, ["split", "identities", "cameras", "tracklets", "frames", "distractors"], dataset.Splits.Select(split => (string[])
        [
            split.Split, Amounts.Count(split.Identities), Amounts.Count(split.Cameras), Amounts.Count(split.Tracklets), Amounts.Count(split.Frames), Amounts.Count(split.Distractors),
        ]));
        text.List(dataset.Findings.Select(finding => $"{finding.Severity}: {finding.Message}"));
    }

    private static void Lineage(MarkdownText text, MetricReport report)
    {
        text.Heading(2, "How it came about");
        text.Table(2, ["what", ""], ReportWords.Lineage(report).Concat(ReportWords.Cost(report)).Select(fact => (string[])[fact.Name, fact.Value]));
        text.Paragraph("Again:");
        text.Code("sh", ReportWords.Command(report));
    }

    private static string Hash(string hash) => new([.. hash.Where(char.IsAsciiLetterOrDigit)]);
}
