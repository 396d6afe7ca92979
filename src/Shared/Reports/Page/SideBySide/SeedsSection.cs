using ReidCloud.Reports.Comparisons;

namespace ReidCloud.Reports.Page.SideBySide;

/// <summary>What seeds alone change, and divisions of the same persons: mean ± sd over the runs of one request.</summary>
internal static class SeedsSection
{
    public static PageSection? Of(Comparison comparison) => PageSection.Of("seeds", comparison.Groups.Any(group => group.Splits.Count > 0) ? "Over seeds and splits" : "Over seeds", [.. comparison.Groups.Select(group => Group(group, new RunLetters(comparison)))]);

    private static Markup Group(SeedGroup group, RunLetters letters)
    {
        var titles = ReportMetric.All.Where(metric => group.Figures.Any(figure => figure.Metric == metric.Name)).ToList();
        var table = new DataTable($"Mean ± sample standard deviation: {group.Title}, runs {string.Join(", ", group.Runs.Select(run => letters[run]))}", 1, ["setting", .. titles.Select(metric => metric.Title), "outcomes"]);
        foreach (var setting in group.Figures.GroupBy(figure => figure.Title))
        {
            table.Row(setting.Key, [.. titles.Select(metric => setting.FirstOrDefault(figure => figure.Metric == metric.Name) is { } figure ? SeedCell.Text(figure) : "–"), Amounts.Count(setting.Max(figure => figure.Count))]);
        }

        return table.Draw();
    }
}
