using ReidCloud.Reports.Page.Charts;

namespace ReidCloud.Reports.Page.Sections;

/// <summary>What more frames of a gallery tracklet bring: the curve of VKD §8. Numbers of frames stand at equal distances, as they are mostly doubled.</summary>
internal static class GallerySection
{
    private static readonly ReportMetric Metric = ReportMetric.All.First(metric => metric.Name == "mapStandard");

    public static PageSection? Of(MetricReport report)
    {
        var titles = ModelTitles.Of(report.Spec);
        return PageSection.Of("gallery", "Frames of a gallery tracklet", ChartFigure.Row(
            report.GalleryCurve.Select(point => point.Metrics).DistinctBy(metrics => metrics.Name).OrderBy(metrics => metrics.Setting).Select(metrics => Figure(report, metrics, titles))));
    }

    private static Markup Figure(MetricReport report, SettingMetrics setting, ModelTitles titles)
    {
        List<int> frames = [.. report.GalleryCurve.Concat(report.Against?.GalleryCurve ?? []).Select(point => point.Frames).Distinct().Order()];
        List<LineSeries> series = [Line(titles.First, report.GalleryCurve, setting, frames)];
        if (report.Against is { } against && Line(titles.Second, against.GalleryCurve, setting, frames) is { Points.Count: > 0 } other)
        {
            series.Add(other);
        }

        var name = RetrievalTitle.Of(setting);
        var caption = $"{Metric.Title} by frames of a gallery tracklet, {name}";
        var table = new DataTable(caption, 1, ["frames", .. series.Select(line => line.Name)]);
        foreach (var (place, count) in frames.Index())
        {
            table.Row(Amounts.Count(count), series.Select(line => line.Points.Where(point => point.X == place).Select(point => Amounts.PercentWithin(point.Y, point.Interval)).FirstOrDefault("")));
        }

        return ChartFigure.Of(caption, new LineChart(caption, "frames", series, value => $"{value * 100:0.#} %") { Limits = (0, 1), AcrossLabel = place => place % 1 == 0 && place >= 0 && place < frames.Count ? Amounts.Count(frames[(int)place]) : "" }.Draw(), table);
    }

    private static LineSeries Line(string title, IReadOnlyList<GalleryCurvePoint> curve, SettingMetrics setting, IReadOnlyList<int> frames) => new(
        title,
        [.. curve.Where(point => point.Metrics.Name == setting.Name).OrderBy(point => point.Frames).Select(point => new LinePoint(frames.ToList().IndexOf(point.Frames), Metric.ValueOf(point.Metrics), point.Metrics.Intervals is { } intervals ? Metric.IntervalOf(intervals) : null))]);
}
