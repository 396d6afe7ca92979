using System.Globalization;
using ReidCloud.Specs;

namespace ReidCloud.Reports.Page;

/// <summary>
/// A report as CSV: one row per model, setting, way of searching and metric with its 95 % interval, and one per difference with its p. Points of the ROC are metrics
/// `truePositives@…` by their rate of false positives, ranks of other definitions of CMC `rank1[…]`; the mini-batches that a camera's
/// statistics stand on `cameraBatches[c1]`, with the items they are of as the setting. Fractions in [0, 1], in full precision; nothing of a setting in which no query has a match.
/// </summary>
public static class ReportTable
{
    private const string Difference = "difference";

    public static string Write(MetricReport report, ReportInsights insights)
    {
        var titles = ModelTitles.Of(report.Spec);
        var table = new CsvText("run", "dataset", "seed", "model", "setting", "variant", "metric", "value", "low", "high", "p", "queries", "gallery");
        foreach (var model in ReportedModel.All(report))
        {
            foreach (var metrics in model.Settings.Where(metrics => metrics.QueriesWithMatch > 0))
            {
                foreach (var (metric, value, interval) in Figures(metrics))
                {
                    Row(model.Title, metrics.Setting, metrics.Variant, metric, value, interval, null, metrics);
                }
            }
        }

        AddDifferences(Difference, report.Against?.Differences);
        foreach (var peer in report.Peers)
        {
            AddDifferences($"{titles.First} minus {RetrievalTitle.OfPeer(peer.Peer)}", peer.Differences);
            AddDifferences($"{RetrievalTitle.OfPeer(peer.Peer)} minus {titles.Second}", peer.AgainstDifferences);
        }

        foreach (var basis in report.CameraStatistics)
        {
            table.Row(report.Run, insights.Dataset.Name, report.Spec.Seed, null, basis.Items, null, $"cameraBatches[{basis.Camera}]", basis.Batches, null, null, null, null, null);
        }

        return table.ToString();

        void AddDifferences(string model, IReadOnlyList<PairedDifference>? differences)
        {
            foreach (var one in differences ?? [])
            {
                Row(model, one.Setting, one.Variant, one.Metric, one.Difference, one.Interval, one.PValue, report.Settings.FirstOrDefault(metrics => metrics.Name == one.Name));
            }
        }

        void Row(string model, RetrievalSetting setting, RetrievalVariant? variant, string metric, double value, Interval? interval, double? p, SettingMetrics? metrics) => table.Row(
            report.Run, insights.Dataset.Name, report.Spec.Seed, model, NameConverterFactory.NameOf(setting), RetrievalVariant.NameOf(variant), metric,
            value, interval?.Low, interval?.High, p, metrics?.QueriesWithMatch, metrics?.Gallery);
    }

    private static IEnumerable<(string Metric, double Value, Interval? Interval)> Figures(SettingMetrics metrics) =>
    [
        .. ReportMetric.All.Select(metric => (metric.Name, metric.ValueOf(metrics), metrics.Intervals is { } intervals ? metric.IntervalOf(intervals) : null)),
        .. metrics.Roc.Select(point => (string.Create(CultureInfo.InvariantCulture, $"truePositives@{point.FalsePositiveRate}"), point.TruePositiveRate, (Interval?)null)),
        .. from curve in metrics.Curves
           from k in ReportWords.CurveRanks
           where k <= curve.Cmc.Count
           select (string.Create(CultureInfo.InvariantCulture, $"rank{k}[{RetrievalTitle.Of(curve.Definition)}]"), curve.Cmc[k - 1], (Interval?)null),
    ];
}
