using ReidCloud.Reports.Comparisons;

namespace ReidCloud.Reports.Page.SideBySide;

/// <summary>Each run against the first on the same queries.</summary>
internal static class DifferencesSection
{
    public static PageSection? Of(Comparison comparison)
    {
        var letters = new RunLetters(comparison);
        var tables = comparison.Differences.SelectMany(difference => difference.Differences).DistinctBy(one => one.Name).OrderBy(one => one.Setting)
            .Select(one => Figures(comparison, one, letters)).ToList();
        return tables.Count == 0 ? null : PageSection.Of("differences", $"Against {letters[comparison.Differences[0].Against]}", [.. tables, Markup.Of($"""<p class="note">In percentage points, query by query on the same queries, with 95 % of a bootstrap; p is how likely chance alone brings at least as large a difference (two-sided sign-flip test). Of many comparisons some come out below 0.05 by chance.</p>""")]);
    }

    private static Markup Figures(Comparison comparison, PairedDifference any, RunLetters letters)
    {
        var name = RetrievalTitle.Of(any.Setting, any.Variant);
        var table = new DataTable($"Differences to {letters[comparison.Differences[0].Against]}, {name}", 1, ["run", .. ReportMetric.All.Select(metric => metric.Title)]);
        foreach (var difference in comparison.Differences)
        {
            table.Row(Markup.Of($"{letters[difference.Run]}"), ReportMetric.All.Select(metric => difference.Differences.FirstOrDefault(one => one.Name == any.Name && one.Metric == metric.Name) is { } paired ? DifferenceCell.Of(paired) : Markup.Of($"–")));
        }

        return table.Draw();
    }
}
