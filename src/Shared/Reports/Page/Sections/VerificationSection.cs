using ReidCloud.Reports.Page.Charts;

namespace ReidCloud.Reports.Page.Sections;

/// <summary>ROC: how many pairs of the same identity are told where so many of different ones are taken for equal. Rates of false positives stand by their powers of ten.</summary>
internal static class VerificationSection
{
    public static PageSection? Of(MetricReport report)
    {
        var measured = report.Settings.Where(metrics => metrics.Roc.Count > 0).ToList();
        return measured.Count == 0 ? null : PageSection.Of(
            "roc", "Verification (ROC)",
            [
                Markup.Of($"<p>{ReportWords.Verification}</p>"),
                .. measured.GroupBy(metrics => metrics.Setting).Select(ways => Table(report, [.. ways])),
                ChartFigure.Row(measured.DistinctBy(metrics => metrics.Setting).Where(metrics => metrics.Roc.Count > 1).Select(metrics => Figure(report, metrics))),
            ]);
    }

    private static Markup Table(MetricReport report, IReadOnlyList<SettingMetrics> ways)
    {
        IReadOnlyList<double> rates = Rates(ways[0]);
        var table = new DataTable($"True positives, {RetrievalTitle.Of(ways[0].Setting)}", 2, ["search", "model", .. rates.Select(rate => $"at {Amounts.Rate(rate)}")]);
        foreach (var way in ways)
        {
            foreach (var model in ReportedModel.All(report).Where(model => model.Of(way) is { Roc.Count: > 0 }))
            {
                var points = model.Of(way)!.Roc;
                table.Row(RetrievalTitle.Of(way.Variant), [model.Title, .. rates.Select(rate => points.FirstOrDefault(point => point.FalsePositiveRate == rate) is { } there ? Amounts.Percent(there.TruePositiveRate) : "–")]);
            }
        }

        return table.Draw();
    }

    private static Markup Figure(MetricReport report, SettingMetrics metrics)
    {
        var models = ReportedModel.All(report).Where(model => model.Of(metrics) is { Roc.Count: > 1 }).ToList();
        List<LineSeries> series = [.. models.Select(model => new LineSeries(model.Title, [.. model.Of(metrics)!.Roc.OrderBy(point => point.FalsePositiveRate).Select(point => new LinePoint(Math.Log10(point.FalsePositiveRate), point.TruePositiveRate))]))];
        var table = new DataTable($"ROC, {RetrievalTitle.Of(metrics)}", 1, ["false positives", .. models.Select(model => model.Title)]);
        foreach (var rate in Rates(metrics))
        {
            table.Row(Amounts.Rate(rate), models.Select(model => model.Of(metrics)!.Roc.FirstOrDefault(point => point.FalsePositiveRate == rate) is { } there ? Amounts.Percent(there.TruePositiveRate) : ""));
        }

        var caption = $"True positives by rate of false positives, {RetrievalTitle.Of(metrics)}";
        return ChartFigure.Of(caption, new LineChart($"{caption}, on a logarithmic axis", "false positives", series, value => $"{value * 100:0.#} %") { Limits = (0, 1), AcrossLabel = power => Amounts.Rate(Math.Pow(10, power)) }.Draw(), table);
    }

    private static IReadOnlyList<double> Rates(SettingMetrics metrics) => [.. metrics.Roc.Select(point => point.FalsePositiveRate).Order()];
}
