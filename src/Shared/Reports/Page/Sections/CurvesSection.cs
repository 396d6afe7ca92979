using ReidCloud.Reports.Page.Charts;

namespace ReidCloud.Reports.Page.Sections;

/// <summary>
/// Cumulative matching characteristics: the share of queries whose first match ranks at most k, with error bars where they were estimated; of each model, of each way of searching, and by
/// the other definitions of the curve that were asked for.
/// </summary>
internal static class CurvesSection
{
    private static readonly int[] Listed = [1, 2, 3, 5, 10, 15, 20, 30, 50];

    public static PageSection? Of(MetricReport report) => PageSection.Of("cmc", "CMC curves", ChartFigure.Row(report.Settings.Where(IsKnown).GroupBy(metrics => metrics.Setting).SelectMany(ways => Figures(report, [.. ways]))), Definitions(report));

    private static IEnumerable<Markup> Figures(MetricReport report, IReadOnlyList<SettingMetrics> ways)
    {
        var name = RetrievalTitle.Of(ways[0]);
        yield return Figure($"Found within the first k, {name}", name, [.. ReportedModel.All(report).Select(model => (model.Title, Metrics: model.Of(ways[0]))).Where(model => model.Metrics is { } known && IsKnown(known)).Select(model => (model.Title, model.Metrics!))]);
        if (ways.Count > 1)
        {
            name = RetrievalTitle.Of(ways[0].Setting);
            yield return Figure($"Found within the first k by ways of searching, {name}", name, [.. ways.Take(Drawing.Styles).Select(way => (RetrievalTitle.Of(way.Variant), way))], namesBelow: true);
        }
    }

    private static Markup Figure(string caption, string name, IReadOnlyList<(string Title, SettingMetrics Metrics)> lines, bool namesBelow = false)
    {
        var series = lines.Select(line => new LineSeries(line.Title, [.. line.Metrics.Cmc.Select((value, i) => new LinePoint(i + 1, value, namesBelow ? null : At(line.Metrics, i + 1)))])).ToList();
        var most = lines.Max(line => line.Metrics.Cmc.Count);
        var table = new DataTable($"Queries found within k, {name}", 1, ["k", .. lines.Select(line => line.Title)]);
        foreach (var k in Listed.Where(k => k <= most))
        {
            table.Row(Amounts.Count(k), lines.Select(line => k <= line.Metrics.Cmc.Count ? Amounts.PercentWithin(line.Metrics.Cmc[k - 1], At(line.Metrics, k)) : ""));
        }

        var chart = new LineChart($"CMC of {name}: share of queries with a match among the first k, for k from 1 to {most}", "k", series, Percent) { Limits = (0, 1), NamesBelow = namesBelow };
        return ChartFigure.Of(caption, namesBelow ? Markup.Of($"{chart.Draw()}{chart.Legend()}") : chart.Draw(), table);
    }

    /// <summary>Other definitions say other things of the same ranking, so each is named in words and stands beside the usual one.</summary>
    private static Markup Definitions(MetricReport report) => report.Settings.Any(metrics => metrics.Curves.Count > 0)
        ? Markup.Of(
            $"""
            <h3>Other definitions of CMC</h3>
            {ChartFigure.Row(report.Settings.Where(metrics => metrics.Curves.Count > 0).DistinctBy(metrics => metrics.Setting).Select(Compared))}{report.Settings.Where(metrics => metrics.Curves.Count > 0).Select(metrics => Ranks(report, metrics))}
            <p class="note">{ReportWords.CurveDefinitions}</p>
            """)
        : Markup.Empty;

    private static Markup Compared(SettingMetrics metrics)
    {
        var name = RetrievalTitle.Of(metrics);
        List<LineSeries> series = [new(ReportWords.UsualCurve, Points(metrics.Cmc)), .. metrics.Curves.Select(curve => new LineSeries(RetrievalTitle.Of(curve.Definition), Points(curve.Cmc)))];
        List<LineSeries> drawn = [.. series.Where(line => line.Points.Count > 1).Take(Drawing.Styles)];
        var table = new DataTable($"CMC by definition, {name}", 1, ["k", .. series.Select(line => line.Name)]);
        foreach (var k in Listed.Where(k => k <= series.Max(line => line.Points.Count)))
        {
            table.Row(Amounts.Count(k), series.Select(line => k <= line.Points.Count ? Amounts.Percent(line.Points[k - 1].Y) : ""));
        }

        var chart = new LineChart($"CMC by definition, {name}", "k", drawn, Percent) { Limits = (0, 1), NamesBelow = true };
        return drawn.Count == 0 ? Markup.Empty : ChartFigure.Of($"CMC by definition, {name}", Markup.Of($"{chart.Draw()}{chart.Legend()}"), table);

        static IReadOnlyList<LinePoint> Points(IReadOnlyList<double> curve) => [.. curve.Select((value, i) => new LinePoint(i + 1, value))];
    }

    private static Markup Ranks(MetricReport report, SettingMetrics metrics)
    {
        var models = ReportedModel.All(report).Where(model => model.Of(metrics) is { Curves.Count: > 0 }).ToList();
        int[] ranks = [.. ReportWords.CurveRanks.Where(k => k <= metrics.Curves.Max(curve => curve.Cmc.Count))];
        var table = new DataTable($"CMC by definition, {RetrievalTitle.Of(metrics)}", 2, ["definition", "model", .. ranks.Select(k => $"rank-{k}")]);
        foreach (var curve in metrics.Curves)
        {
            foreach (var model in models)
            {
                if (model.Of(metrics)!.Curves.FirstOrDefault(there => there.Definition == curve.Definition) is { } there)
                {
                    table.Row(RetrievalTitle.Of(curve.Definition), [model.Title, .. ranks.Select(k => k <= there.Cmc.Count ? Amounts.Percent(there.Cmc[k - 1]) : "")]);
                }
            }
        }

        return table.Draw();
    }

    private static bool IsKnown(SettingMetrics metrics) => metrics.Cmc.Count > 1 && metrics.QueriesWithMatch > 0;

    private static string Percent(double value) => $"{value * 100:0.#} %";

    private static Interval? At(SettingMetrics metrics, int k) => (k, metrics.Intervals) switch
    {
        (1, { } intervals) => intervals.Rank1,
        (5, { } intervals) => intervals.Rank5,
        (10, { } intervals) => intervals.Rank10,
        _ => null,
    };
}
