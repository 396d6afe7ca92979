using ReidCloud.Reports.Page.Charts;
using ReidCloud.Specs;

namespace ReidCloud.Reports.Page.Sections;

/// <summary>What more frames of a gallery tracklet bring: the curve of VKD §8.</summary>
internal static class GallerySection
{
    private static readonly ReportMetric Metric = ReportMetric.All.First(metric => metric.Name == "mapStandard");

    public static PageSection? Of(MetricReport report)
    {
        var titles = ModelTitles.Of(report.Spec);
        return PageSection.Of("gallery", "Frames of a gallery tracklet", ChartFigure.Row(
            report.GalleryCurve.Select(point => point.Metrics.Setting).Distinct().Order().Select(setting => Figure(report, setting, titles))));
    }

    private static Markup Figure(MetricReport report, RetrievalSetting setting, ModelTitles titles)
    {
        List<LineSeries> series = [Line(titles.First, report.GalleryCurve, setting)];
        if (report.Against is { } against && Line(titles.Second, against.GalleryCurve, setting) is { Points.Count: > 0 } other)
        {
            series.Add(other);
        }

        var name = NameConverterFactory.NameOf(setting);
        var caption = $"{Metric.Title} by frames of a gallery tracklet, {name}";
        var table = new DataTable(caption, 1, ["frames", .. series.Select(line => line.Name)]);
        foreach (var frames in series.SelectMany(line => line.Points).Select(point => point.X).Distinct().Order())
        {
            table.Row(Amounts.Count((long)frames), series.Select(line => line.Points.FirstOrDefault(point => point.X == frames) is { X: > 0 } point ? Amounts.PercentWithin(point.Y, point.Interval) : ""));
        }

        return ChartFigure.Of(caption, new LineChart(caption, "frames", series, value => $"{value * 100:0.#} %") { Limits = (0, 1) }.Draw(), table);
    }

    private static LineSeries Line(string title, IReadOnlyList<GalleryCurvePoint> curve, RetrievalSetting setting) => new(
        title,
        [.. curve.Where(point => point.Metrics.Setting == setting).OrderBy(point => point.Frames).Select(point => new LinePoint(point.Frames, Metric.ValueOf(point.Metrics), point.Metrics.Intervals is { } intervals ? Metric.IntervalOf(intervals) : null))]);
}
