using ReidCloud.Specs;

namespace ReidCloud.Reports.Page;

/// <summary>
/// A report as CSV: one row per model, setting and metric with its 95 % interval, and one per difference with its p. Fractions in [0, 1], in full precision;
/// nothing of a setting in which no query has a match.
/// </summary>
public static class ReportTable
{
    private const string Difference = "difference";

    public static string Write(MetricReport report, ReportInsights insights)
    {
        var titles = ModelTitles.Of(report.Spec);
        var table = new CsvText("run", "dataset", "seed", "model", "setting", "metric", "value", "low", "high", "p", "queries", "gallery");
        Add(titles.First, report.Settings);
        if (report.Against is { } against)
        {
            Add(titles.Second, against.Settings);
            foreach (var one in against.Differences)
            {
                var metrics = report.Settings.FirstOrDefault(metrics => metrics.Setting == one.Setting);
                table.Row(
                    report.Run, insights.Dataset.Name, report.Spec.Seed, Difference, NameConverterFactory.NameOf(one.Setting), one.Metric,
                    one.Difference, one.Interval.Low, one.Interval.High, one.PValue, metrics?.QueriesWithMatch, metrics?.Gallery);
            }
        }

        return table.ToString();

        void Add(string model, IReadOnlyList<SettingMetrics> settings)
        {
            foreach (var metrics in settings.Where(metrics => metrics.QueriesWithMatch > 0))
            {
                foreach (var metric in ReportMetric.All)
                {
                    var interval = metrics.Intervals is { } intervals ? metric.IntervalOf(intervals) : null;
                    table.Row(
                        report.Run, insights.Dataset.Name, report.Spec.Seed, model, NameConverterFactory.NameOf(metrics.Setting), metric.Name,
                        metric.ValueOf(metrics), interval?.Low, interval?.High, null, metrics.QueriesWithMatch, metrics.Gallery);
                }
            }
        }
    }
}
