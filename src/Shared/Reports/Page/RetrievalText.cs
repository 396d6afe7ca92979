namespace ReidCloud.Reports.Page;

/// <summary>What a report in Markdown says besides the plain figures: other ways of searching, peers, other definitions of CMC, ROC.</summary>
internal static class RetrievalText
{
    /// <summary>Other ways of searching in a setting, of each model that was measured in the same way.</summary>
    public static void Ways(MarkdownText text, MetricReport report, IReadOnlyList<SettingMetrics> ways)
    {
        foreach (var (way, spread) in ways.Select(way => (way, ReportWords.Spread(way))).Where(way => way.Item2 is not null))
        {
            text.Paragraph($"{RetrievalTitle.Of(way)}: {spread}");
        }

        if (ways.Count < 2)
        {
            return;
        }

        var (first, second, setting) = (ReportedModel.First(report), ReportedModel.Second(report), RetrievalTitle.Of(ways[0].Setting));
        foreach (var model in new[] { first, second }.OfType<ReportedModel>())
        {
            text.Paragraph($"{setting} by ways of searching, {MarkdownText.Escaped(model.Title)}:");
            text.Table(1, ["search", "queries", .. ReportMetric.All.Select(metric => metric.Title)], ways.Where(way => model.Of(way) is not null).Select(way => (string[])
            [
                RetrievalTitle.Of(way.Variant), Amounts.Count(model.Of(way)!.QueriesWithMatch), .. ReportMetric.All.Select(metric => Stated(metric, model.Of(way))),
            ]));
        }

        if (second is not null)
        {
            text.Paragraph($"{setting} by ways of searching, {first.Title} minus {second.Title}, in points:");
            text.Table(1, ["search", .. ReportMetric.All.Select(metric => metric.Title)], ways.Where(way => second.Of(way) is not null).Select(way => (string[])
                [RetrievalTitle.Of(way.Variant), .. ReportMetric.All.Select(metric => second.Difference(way, metric) is { } paired ? Tested(paired) : Amounts.Points(metric.ValueOf(way) - metric.ValueOf(second.Of(way)!)))]));
        }

        if (ReportWords.Ways(report.Spec, ways) is { } words)
        {
            text.Paragraph(words);
        }
    }

    public static void Peers(MarkdownText text, MetricReport report)
    {
        if (report.Peers.Count == 0)
        {
            return;
        }

        var models = ReportedModel.All(report);
        text.Heading(2, "Peers");
        text.Paragraph(ReportWords.Peers);
        foreach (var metrics in report.Settings.Where(metrics => metrics.QueriesWithMatch > 0))
        {
            var name = RetrievalTitle.Of(metrics);
            text.Table(1, [name, .. ReportMetric.All.Select(metric => metric.Title)], models.Where(model => model.Of(metrics) is not null).Select(model => (string[])[model.Title, .. ReportMetric.All.Select(metric => Stated(metric, model.Of(metrics)))]));
            text.Table(
                1,
                [$"points, {name}", .. ReportMetric.All.Select(metric => metric.Title)],
                from pair in ReportWords.PeerDifferences(report)
                let known = pair.Differences.Where(one => one.Name == metrics.Name).ToList()
                where known.Count > 0
                select (string[])[pair.Title, .. ReportMetric.All.Select(metric => known.Find(one => one.Metric == metric.Name) is { } paired ? Tested(paired) : "–")]);
        }
    }

    /// <summary>By other definitions than the usual one.</summary>
    public static void Curves(MarkdownText text, MetricReport report)
    {
        if (!report.Settings.Any(metrics => metrics.Curves.Count > 0))
        {
            return;
        }

        text.Heading(2, "Other definitions of CMC");
        text.Table(3, ["search", "definition", "model", .. ReportWords.CurveRanks.Select(k => $"rank-{k}")],
            from metrics in report.Settings
            from curve in metrics.Curves
            from model in ReportedModel.All(report)
            let there = model.Of(metrics)?.Curves.FirstOrDefault(one => one.Definition == curve.Definition)
            where there is not null
            select (string[])[RetrievalTitle.Of(metrics), RetrievalTitle.Of(curve.Definition), model.Title, .. ReportWords.CurveRanks.Select(k => k <= there.Cmc.Count ? Amounts.Percent(there.Cmc[k - 1]) : "")]);
        text.Paragraph(ReportWords.CurveDefinitions);
    }

    public static void Verification(MarkdownText text, MetricReport report)
    {
        if (report.Settings.FirstOrDefault(metrics => metrics.Roc.Count > 0) is not { } first)
        {
            return;
        }

        var rates = first.Roc.Select(point => point.FalsePositiveRate).Order().ToList();
        text.Heading(2, "Verification (ROC)");
        text.Paragraph(ReportWords.Verification);
        text.Table(2, ["search", "model", .. rates.Select(rate => $"true positives at {Amounts.Rate(rate)}")],
            from metrics in report.Settings
            from model in ReportedModel.All(report)
            let points = model.Of(metrics)?.Roc ?? []
            where points.Count > 0
            select (string[])[RetrievalTitle.Of(metrics), model.Title, .. rates.Select(rate => points.FirstOrDefault(point => point.FalsePositiveRate == rate) is { } there ? Amounts.Percent(there.TruePositiveRate) : "–")]);
    }

    public static string Stated(ReportMetric metric, SettingMetrics? metrics) => metrics is not { QueriesWithMatch: > 0 }
        ? "–"
        : Amounts.PercentWithin(metric.ValueOf(metrics), metrics.Intervals is { } intervals ? metric.IntervalOf(intervals) : null);

    private static string Tested(PairedDifference paired) => $"{Amounts.Points(paired.Difference)} ({Amounts.Points(paired.Interval)}), {Amounts.P(paired.PValue)}";
}
