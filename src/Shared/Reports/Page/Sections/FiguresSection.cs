using ReidCloud.Reports.Page.Charts;
using ReidCloud.Specs;

namespace ReidCloud.Reports.Page.Sections;

/// <summary>The answer in numbers: each figure with its error bars, beside those of the other model and how far apart they are, as tables and drawn.</summary>
internal static class FiguresSection
{
    public static PageSection? Of(MetricReport report) => report.Settings.Count == 0
        ? null
        : PageSection.Of("figures", "Figures", [.. report.Settings.Select(metrics => Setting(report, metrics)), Markup.Of($"""<p class="note">{ReportWords.Figures(report)}</p>""")]);

    private static Markup Setting(MetricReport report, SettingMetrics metrics)
    {
        var titles = ModelTitles.Of(report.Spec);
        var other = report.Against?.Settings.FirstOrDefault(there => there.Setting == metrics.Setting);
        var name = NameConverterFactory.NameOf(metrics.Setting);
        return Markup.Of(
            $"""
            <h3>{name}</h3>
            <p class="soft">{Amounts.Count(metrics.QueriesWithMatch)} of {Amounts.Count(metrics.Queries)} queries have a match in a gallery of {Amounts.Count(metrics.Gallery)}.</p>
            {(metrics.QueriesWithMatch == 0 ? Markup.Empty : Markup.Of($"""<div class="beside">{Table(report, metrics, other, titles, name)}{Chart(metrics, other, titles, name)}</div>{Groups(metrics, other, titles, name)}"""))}
            """);
    }

    private static Markup Table(MetricReport report, SettingMetrics metrics, SettingMetrics? other, ModelTitles titles, string name)
    {
        var table = new DataTable($"Figures, {name}", 1, ["figure", titles.First, .. other is null ? Array.Empty<string>() : [titles.Second, "difference"]]);
        foreach (var metric in ReportMetric.All)
        {
            table.Row(Markup.Of($"{metric.Title}"), [Cell(metric, metrics), .. other is null ? Array.Empty<Markup>() : [Cell(metric, other), Difference(report, metric, metrics, other)]]);
        }

        return table.Draw();
    }

    private static Markup Cell(ReportMetric metric, SettingMetrics metrics) =>
        Markup.Of($"{Amounts.Percent(metric.ValueOf(metrics))}{(metrics.Intervals is { } intervals ? Markup.Of($"<small>{PageFrame.Unbroken(Amounts.Range(metric.IntervalOf(intervals)))}</small>") : Markup.Empty)}");

    private static Markup Difference(MetricReport report, ReportMetric metric, SettingMetrics metrics, SettingMetrics other) =>
        report.Against!.Differences.FirstOrDefault(one => one.Setting == metrics.Setting && one.Metric == metric.Name) is { } paired
            ? DifferenceCell.Of(paired)
            : Markup.Of($"{Amounts.Points(metric.ValueOf(metrics) - metric.ValueOf(other))}");

    private static Markup Chart(SettingMetrics metrics, SettingMetrics? other, ModelTitles titles, string name)
    {
        var rows = ReportMetric.All.SelectMany(metric => new[] { Row(metric, metrics, titles.First) }.Concat(other is null ? [] : [Row(metric, other, titles.Second)])).ToList();
        var caption = metrics.Intervals is null ? $"Figures, {name}" : $"Figures with 95 % intervals, {name}";
        return Markup.Of($"<figure><figcaption>{caption}</figcaption>{new IntervalChart($"{caption}. The table beside it has the numbers.", "%", rows).Draw()}</figure>");
    }

    private static IntervalRow Row(ReportMetric metric, SettingMetrics metrics, string model) =>
        new(metric.Title, model, metric.ValueOf(metrics), metrics.Intervals is { } intervals ? metric.IntervalOf(intervals) : null);

    private static Markup Groups(SettingMetrics metrics, SettingMetrics? other, ModelTitles titles, string name)
    {
        var table = new DataTable($"Groups of queries, {name}", 1, ["group", "queries", "mAP (standard)", .. other is null ? Array.Empty<string>() : [titles.Second], "rank-1", "rank-5"]);
        foreach (var group in metrics.Groups)
        {
            var there = other?.Groups.FirstOrDefault(one => one.Name == group.Name);
            table.Row(
                group.Name,
                [Amounts.Count(group.Queries), Amounts.Percent(group.MapStandard), .. Beside(there?.MapStandard), Amounts.Percent(group.Rank1), Amounts.Percent(group.Rank5)]);
        }

        if (metrics.MeanGroupMap is { } mean)
        {
            table.Row("mean (mmAP)", ["", Amounts.Percent(mean), .. Beside(other?.MeanGroupMap), "", ""]);
        }

        return table.Draw();

        string[] Beside(double? value) => other is null ? [] : [value is { } known ? Amounts.Percent(known) : ""];
    }
}
