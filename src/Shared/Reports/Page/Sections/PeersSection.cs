using ReidCloud.Reports.Page.Charts;

namespace ReidCloud.Reports.Page.Sections;

/// <summary>Mutual learning: the peers with each other and with a network that was trained alone. Figures with their error bars, and paired differences, which say what is more than chance.</summary>
internal static class PeersSection
{
    private static readonly string[] Headlines = ["mapStandard", "rank1"];

    public static PageSection? Of(MetricReport report) => report.Peers.Count == 0 ? null : PageSection.Of(
        "peers",
        "Peers",
        [
            Markup.Of($"""<p class="note">{ReportWords.Peers}</p>"""),
            .. report.Settings.Where(metrics => metrics.QueriesWithMatch > 0).GroupBy(metrics => metrics.Setting).Select(ways => Setting(report, [.. ways])),
        ]);

    private static Markup Setting(MetricReport report, IReadOnlyList<SettingMetrics> ways)
    {
        var (models, name) = (ReportedModel.All(report), RetrievalTitle.Of(ways[0]));
        return Markup.Of(
            $"""
            <h3>{name}</h3>
            {Figures(models, ways[0], name)}{Differences(report, ways[0], name)}<div class="charts">{Chart(models, ways[0], name)}</div>
            {(ways.Count < 2 ? Markup.Empty : Markup.Join(ReportMetric.All.Where(metric => Headlines.Contains(metric.Name)).Select(metric => ByWays(models, ways, metric))))}
            """);
    }

    private static Markup Figures(IReadOnlyList<ReportedModel> models, SettingMetrics metrics, string name)
    {
        var table = new DataTable($"Peers, {name}", 1, ["model", .. ReportMetric.All.Select(metric => metric.Title)]);
        foreach (var model in models)
        {
            table.Row(Markup.Of($"{model.Title}"), ReportMetric.All.Select(metric => FigureCell.Of(metric, model.Of(metrics))));
        }

        return table.Draw();
    }

    private static Markup Differences(MetricReport report, SettingMetrics metrics, string name)
    {
        var table = new DataTable($"Differences in points, {name}", 1, ["of", .. ReportMetric.All.Select(metric => metric.Title)]) { IsDense = true };
        foreach (var (title, differences) in ReportWords.PeerDifferences(report))
        {
            var known = differences.Where(one => one.Name == metrics.Name).ToList();
            if (known.Count > 0)
            {
                table.Row(Markup.Of($"{title}"), ReportMetric.All.Select(metric => known.Find(one => one.Metric == metric.Name) is { } paired ? DifferenceCell.Of(paired) : Markup.Of($"–")));
            }
        }

        return table.Draw();
    }

    private static Markup Chart(IReadOnlyList<ReportedModel> models, SettingMetrics metrics, string name)
    {
        var rows = ReportMetric.All.SelectMany(metric => models.Where(model => model.Of(metrics) is not null).Select(model => IntervalRow.Of(metric, model.Of(metrics)!, model.Title))).ToList();
        var caption = $"Figures of the peers with 95 % intervals, {name}";
        return Markup.Of($"<figure><figcaption>{caption}</figcaption>{new IntervalChart($"{caption}. The table above has the numbers.", "%", rows).Draw()}</figure>");
    }

    private static Markup ByWays(IReadOnlyList<ReportedModel> models, IReadOnlyList<SettingMetrics> ways, ReportMetric metric)
    {
        var table = new DataTable($"{metric.Title} of the peers by ways of searching, {RetrievalTitle.Of(ways[0].Setting)}", 1, ["search", .. models.Select(model => model.Title)]);
        foreach (var way in ways)
        {
            table.Row(Markup.Of($"{RetrievalTitle.Of(way.Variant)}"), models.Select(model => FigureCell.Of(metric, model.Of(way))));
        }

        return table.Draw();
    }
}
