using ReidCloud.Reports.Page.Charts;
using ReidCloud.Specs;

namespace ReidCloud.Reports.Page.Sections;

/// <summary>Cumulative matching characteristics: the share of queries whose first match ranks at most k, with error bars where they were estimated.</summary>
internal static class CurvesSection
{
    private static readonly int[] Listed = [1, 2, 3, 5, 10, 15, 20, 30, 50];

    public static PageSection? Of(MetricReport report) => PageSection.Of(
        "cmc", "CMC curves", ChartFigure.Row(report.Settings.Where(metrics => metrics.Cmc.Count > 1 && metrics.QueriesWithMatch > 0).Select(metrics => Figure(report, metrics))));

    private static Markup Figure(MetricReport report, SettingMetrics metrics)
    {
        var titles = ModelTitles.Of(report.Spec);
        var name = NameConverterFactory.NameOf(metrics.Setting);
        var models = new[] { (Title: titles.First, Metrics: metrics) }.ToList();
        if (report.Against?.Settings.FirstOrDefault(there => there.Setting == metrics.Setting && there.Cmc.Count > 1) is { } other)
        {
            models.Add((titles.Second, other));
        }

        var series = models.Select(model => new LineSeries(model.Title, [.. model.Metrics.Cmc.Select((value, i) => new LinePoint(i + 1, value, At(model.Metrics, i + 1)))])).ToList();
        var table = new DataTable($"Queries found within k, {name}", 1, ["k", .. models.Select(model => model.Title)]);
        foreach (var k in Listed.Where(k => k <= metrics.Cmc.Count))
        {
            table.Row(Amounts.Count(k), models.Select(model => k <= model.Metrics.Cmc.Count ? Amounts.PercentWithin(model.Metrics.Cmc[k - 1], At(model.Metrics, k)) : ""));
        }

        var chart = new LineChart($"CMC of {name}: share of queries with a match among the first k, for k from 1 to {metrics.Cmc.Count}", "k", series, value => $"{value * 100:0.#} %") { Limits = (0, 1) };
        return ChartFigure.Of($"Found within the first k, {name}", chart.Draw(), table);
    }

    private static Interval? At(SettingMetrics metrics, int k) => (k, metrics.Intervals) switch
    {
        (1, { } intervals) => intervals.Rank1,
        (5, { } intervals) => intervals.Rank5,
        (10, { } intervals) => intervals.Rank10,
        _ => null,
    };
}
