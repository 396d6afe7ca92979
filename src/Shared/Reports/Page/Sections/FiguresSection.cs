using ReidCloud.Reports.Page.Charts;

namespace ReidCloud.Reports.Page.Sections;

/// <summary>
/// The answer in numbers: each figure with its error bars, beside those of the other model and how far apart they are, as tables and drawn. Of a setting the plain figures come
/// first, and those of other ways of searching stand below them under their names.
/// </summary>
internal static class FiguresSection
{
    public static PageSection? Of(MetricReport report) => report.Settings.Count == 0
        ? null
        : PageSection.Of(
            "figures", "Figures", [.. report.Settings.GroupBy(metrics => metrics.Setting).Select(ways => Setting(report, [.. ways])), PublishedTable.Of(report), Markup.Of($"""<p class="note">{ReportWords.Figures(report)}</p>""")]);

    private static Markup Setting(MetricReport report, IReadOnlyList<SettingMetrics> ways)
    {
        var (metrics, second) = (ways[0], ReportedModel.Second(report));
        var (other, titles, name) = (second?.Of(metrics), ModelTitles.Of(report.Spec), RetrievalTitle.Of(metrics));
        return Markup.Of(
            $"""
            <h3>{name}</h3>
            <p class="soft">{Amounts.Count(metrics.QueriesWithMatch)} of {Amounts.Count(metrics.Queries)} queries have a match in a gallery of {Amounts.Count(metrics.Gallery)}.</p>
            {(metrics.QueriesWithMatch == 0 ? Markup.Empty : Markup.Of($"""<div class="beside">{Table(metrics, other, second, titles, name)}{Chart(metrics, other, titles, name)}</div>{Groups(metrics, other, titles, name)}"""))}
            {Spread(metrics)}
            {VariantTables.Of(report, ways)}
            """);
    }

    private static Markup Spread(SettingMetrics metrics) => ReportWords.Spread(metrics) is { } words ? Markup.Of($"""<p class="soft">{RetrievalTitle.Of(metrics)}: {words}</p>""") : Markup.Empty;

    private static Markup Table(SettingMetrics metrics, SettingMetrics? other, ReportedModel? second, ModelTitles titles, string name)
    {
        var table = new DataTable($"Figures, {name}", 1, ["figure", titles.First, .. other is null ? Array.Empty<string>() : [titles.Second, "difference"]]);
        foreach (var metric in ReportMetric.All)
        {
            table.Row(Markup.Of($"{metric.Title}"), [FigureCell.Of(metric, metrics), .. other is null ? Array.Empty<Markup>() : [FigureCell.Of(metric, other), DifferenceCell.Of(metric, metrics, second!)]]);
        }

        return table.Draw();
    }

    private static Markup Chart(SettingMetrics metrics, SettingMetrics? other, ModelTitles titles, string name)
    {
        var rows = ReportMetric.All.SelectMany(metric => new[] { IntervalRow.Of(metric, metrics, titles.First) }.Concat(other is null ? [] : [IntervalRow.Of(metric, other, titles.Second)])).ToList();
        var caption = metrics.Intervals is null ? $"Figures, {name}" : $"Figures with 95 % intervals, {name}";
        return Markup.Of($"<figure><figcaption>{caption}</figcaption>{new IntervalChart($"{caption}. The table beside it has the numbers.", "%", rows).Draw()}</figure>");
    }

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
