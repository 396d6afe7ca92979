using ReidCloud.Datasets;
using ReidCloud.Reports.Comparisons;
using ReidCloud.Reports.Page.SideBySide;

namespace ReidCloud.Reports.Page;

/// <summary>Runs side by side as Markdown.</summary>
public static class ComparisonText
{
    public static string Write(Comparison comparison)
    {
        var (text, letters) = (new MarkdownText(), new RunLetters(comparison));
        text.Heading(1, $"{comparison.Runs.Count} runs side by side");
        text.Paragraph($"**{MarkdownText.Escaped(ComparisonAnswer.Of(comparison))}**");
        foreach (var note in comparison.Notes)
        {
            text.Paragraph($"> **Note:** {MarkdownText.Escaped(note)}");
        }

        text.Table(3, ["", "run", "what"], comparison.Runs.Select(run => (string[])[letters[run.Run], run.Run, run.Title]));
        foreach (var setting in comparison.Figures.GroupBy(figure => figure.Title))
        {
            Setting(text, comparison, [.. setting], letters);
        }

        foreach (var group in comparison.Groups)
        {
            text.Heading(2, $"Over {group.Over}: {group.Title}");
            text.Table(1, ["setting", .. ReportMetric.All.Select(metric => metric.Title), "outcomes"], group.Figures.GroupBy(figure => figure.Title).Select(setting => (string[])
            [
                setting.Key,
                .. ReportMetric.All.Select(metric => setting.FirstOrDefault(figure => figure.Metric == metric.Name) is { } figure ? SeedCell.Text(figure) : "–"),
                Amounts.Count(setting.Max(figure => figure.Count)),
            ]));
        }

        Matrices(text, comparison);
        Places(text, "What differs in the requests", comparison.Specs, letters);
        Places(text, "What differs besides", comparison.Lineages, letters);
        text.Paragraph("Again:");
        text.Code("sh", Command(comparison));
        return text.ToString();
    }

    /// <summary>What to type for the same comparison.</summary>
    internal static string Command(Comparison comparison) => $"./reid compare {string.Join(' ', comparison.Runs.Select(run => run.Run))}";

    private static void Setting(MarkdownText text, Comparison comparison, IReadOnlyList<ComparedFigure> figures, RunLetters letters)
    {
        text.Heading(2, figures[0].Title);
        var metrics = ReportMetric.All.Where(metric => figures.Any(figure => figure.Metric == metric.Name)).ToList();
        text.Table(1, ["run", .. metrics.Select(metric => metric.Title)], letters.All.Index().Select(run => (string[])
        [
            run.Item,
            .. metrics.Select(metric => figures.First(figure => figure.Metric == metric.Name).Values[run.Index] is { } value ? Amounts.PercentWithin(value.Value, value.Interval) : "–"),
        ]));
        if (figures[0].Peer is not null)
        {
            return;
        }

        text.Table(1, [$"difference to {letters.All[0]}", .. metrics.Select(metric => metric.Title)], comparison.Differences
            .Where(difference => difference.Differences.Any(one => one.Name == figures[0].Name)).Select(difference => (string[])
            [
                letters[difference.Run],
                .. metrics.Select(metric => difference.Differences.FirstOrDefault(one => one.Name == figures[0].Name && one.Metric == metric.Name) is { } paired
                    ? $"{Amounts.Points(paired.Difference)} ({Amounts.Points(paired.Interval)}), {Amounts.P(paired.PValue)}"
                    : "–"),
            ]));
    }

    private static void Matrices(MarkdownText text, Comparison comparison)
    {
        foreach (var matrix in comparison.Matrices.Where(MatricesSection.IsShown))
        {
            text.Heading(2, $"{ReportMetric.All.First(metric => metric.Name == matrix.Metric).Title} across data sets, {matrix.Title}");
            text.Table(1, [MatricesSection.SeedsCorner, .. matrix.Datasets], matrix.Seeds.Select(row => (string[])[row.Title, .. row.Cells.Select(SeedCell.Text)]));
            text.Table(1, ["model", .. matrix.Datasets], matrix.Rows.Select(row => (string[])[row.Title, .. row.Cells.Select(cell => cell is null ? "–" : Amounts.PercentWithin(cell.Figure.Value, cell.Figure.Interval))]));
        }
    }

    private static void Places(MarkdownText text, string title, IReadOnlyList<ComparedPlace> places, RunLetters letters)
    {
        if (places.Count > 0)
        {
            text.Heading(2, title);
            text.Table(letters.All.Count + 1, ["place", .. letters.All], places.Select(place => (string[])[place.Path, .. place.Values.Select(value => value is null ? "–" : ForeignText.Short(value, PlacesSection.LongestValue))]));
        }
    }
}
