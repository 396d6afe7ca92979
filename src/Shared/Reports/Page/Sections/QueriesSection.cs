using ReidCloud.Reports.Page.Charts;

namespace ReidCloud.Reports.Page.Sections;

/// <summary>How the precision spreads over queries, which the mean does not tell; and how many searches went better or worse than the other model's.</summary>
internal static class QueriesSection
{
    public static PageSection? Of(MetricReport report, ReportInsights insights) =>
        PageSection.Of("queries", "Queries", ChartFigure.Row(insights.Settings.Where(setting => setting.Variant is null || !insights.Settings.Any(other => other.Setting == setting.Setting && other.Variant is null)).Select(setting => Figure(setting, ModelTitles.Of(report.Spec)))));

    private static Markup Figure(SettingInsights setting, ModelTitles titles)
    {
        List<QueryOutcome> found = [.. setting.Queries.Where(query => query.PrecisionStandard is not null)];
        if (found.Count < 2)
        {
            return Markup.Empty;
        }

        var name = RetrievalTitle.Of(setting.Setting, setting.Variant);
        var beside = found.Where(query => query.AgainstPrecisionStandard is not null).ToList();
        List<(string Title, IReadOnlyList<int> Counts)> series = [(titles.First, Histogram.Count(found.Select(query => query.PrecisionStandard!.Value)))];
        if (beside.Count > 0)
        {
            series.Add((titles.Second, Histogram.Count(beside.Select(query => query.AgainstPrecisionStandard!.Value))));
        }

        var table = new DataTable($"Queries by average precision, {name}", 1, ["average precision", .. series.Select(one => one.Title)]);
        for (var bin = 0; bin < Histogram.Bins; bin++)
        {
            table.Row($"{bin * 100 / Histogram.Bins}–{(bin + 1) * 100 / Histogram.Bins} %", series.Select(one => Amounts.Count(one.Counts[bin])));
        }

        var chart = new Histogram($"Number of queries by average precision in ten parts, {name}", "average precision (standard), %", series);
        return Markup.Of($"""<div>{ChartFigure.Of($"Queries by average precision, {name}", chart.Draw(), table)}<p class="note">{Words(found, beside, titles)}</p></div>""");
    }

    private static string Words(IReadOnlyList<QueryOutcome> found, IReadOnlyList<QueryOutcome> beside, ModelTitles titles)
    {
        var first = found.Count(query => query.FirstMatch == 1);
        var words = $"Of {Amounts.Count(found.Count)} queries {Amounts.Count(first)} find a match at once.";
        if (beside.Count == 0)
        {
            return words;
        }

        var (won, lost) = (beside.Count(query => query.PrecisionStandard > query.AgainstPrecisionStandard), beside.Count(query => query.PrecisionStandard < query.AgainstPrecisionStandard));
        return $"{words} The {titles.First} has the higher precision in {Amounts.Count(won)}, the {(titles.Second == "against" ? "other" : titles.Second)} in {Amounts.Count(lost)}; {Amounts.Count(beside.Count - won - lost)} are equal.";
    }
}
