namespace ReidCloud.Reports.Page.Sections;

/// <summary>
/// A setting's other ways of searching below its plain figures: other distances, several images a query, expanded, re-ranked. The plain ones stand in the first row again, as what
/// all others are read against.
/// </summary>
internal static class VariantTables
{
    public static Markup Of(MetricReport report, IReadOnlyList<SettingMetrics> ways)
    {
        if (ways.Count < 2)
        {
            return Markup.Empty;
        }

        var (first, second, setting) = (ReportedModel.First(report), ReportedModel.Second(report), RetrievalTitle.Of(ways[0].Setting));
        return Markup.Of(
            $"""
            <h4>Other ways of searching, {setting}</h4>
            {Figures(first, ways, setting)}{(second is null || report.Peers.Count > 0 ? Markup.Empty : Figures(second, ways, setting))}{(second is null ? Markup.Empty : Differences(first, second, ways, setting))}
            {(ReportWords.Ways(report.Spec, ways) is { } words ? Markup.Of($"""<p class="note">{words}</p>""") : Markup.Empty)}
            """);
    }

    private static Markup Figures(ReportedModel model, IReadOnlyList<SettingMetrics> ways, string setting)
    {
        var table = new DataTable($"By ways of searching: {model.Title}, {setting}", 1, ["search", "queries", .. ReportMetric.All.Select(metric => metric.Title)]) { IsDense = true };
        foreach (var way in ways)
        {
            var metrics = model.Of(way);
            table.Row(Markup.Of($"{RetrievalTitle.Of(way.Variant)}"), [Markup.Of($"{(metrics is null ? "–" : Amounts.Count(metrics.QueriesWithMatch))}"), .. ReportMetric.All.Select(metric => FigureCell.Of(metric, metrics))]);
        }

        return Markup.Of($"{table.Draw()}{ways.Skip(1).Select(way => (way.Variant, Words: model.Of(way) is { } metrics ? ReportWords.Spread(metrics) : null)).Where(way => way.Words is not null).Select(way => Markup.Of($"""<p class="soft">{RetrievalTitle.Of(way.Variant)}: {way.Words}</p>"""))}");
    }

    private static Markup Differences(ReportedModel first, ReportedModel second, IReadOnlyList<SettingMetrics> ways, string setting)
    {
        var table = new DataTable($"By ways of searching: {first.Title} minus {second.Title}, {setting}", 1, ["search", .. ReportMetric.All.Select(metric => metric.Title)]) { IsDense = true };
        foreach (var way in ways.Where(way => second.Of(way) is not null))
        {
            table.Row(Markup.Of($"{RetrievalTitle.Of(way.Variant)}"), ReportMetric.All.Select(metric => DifferenceCell.Of(metric, way, second)));
        }

        return table.Draw();
    }
}
