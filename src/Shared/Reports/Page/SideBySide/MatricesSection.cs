using ReidCloud.Reports.Comparisons;
using ReidCloud.Reports.Page.Charts;

namespace ReidCloud.Reports.Page.SideBySide;

/// <summary>How well what was learned on one data set serves on another.</summary>
internal static class MatricesSection
{
    private static readonly string[] Shown = ["mapStandard", "rank1"];

    public static PageSection? Of(Comparison comparison) =>
        Markup.Join(comparison.Matrices.Where(IsShown).Select(Matrix)) is { IsEmpty: false } all
            ? PageSection.Of("datasets", "Across data sets", Markup.Of($"""<div class="maps">{all}</div>"""))
            : null;

    /// <summary>Rows say what was trained on what, columns what was measured on.</summary>
    public const string SeedsCorner = "trained ↓ tested →";

    public static string SeedsTitle(string metric, DatasetMatrix matrix) => $"{metric}, {matrix.Title}: trained on and tested on, mean ± sample standard deviation over seeds";

    public static bool IsShown(DatasetMatrix matrix) => Shown.Contains(matrix.Metric);

    private static Markup Matrix(DatasetMatrix matrix)
    {
        var title = ReportMetric.All.First(metric => metric.Name == matrix.Metric).Title;
        var map = new HeatMap(
            $"{title} in percent, {matrix.Title}", "model", "data set", [.. matrix.Rows.Select(row => row.Title)], matrix.Datasets,
            [.. matrix.Rows.Select(row => row.Cells.Select(cell => cell is null ? null : new HeatCell(cell.Figure.Value, $"{Amounts.PercentWithin(cell.Figure.Value, cell.Figure.Interval)}, run {cell.Run}")).ToList())]);
        return Markup.Of($"<div>{map.Draw()}{Seeds(matrix, title)}</div>");
    }

    private static Markup Seeds(DatasetMatrix matrix, string title)
    {
        var table = new DataTable(SeedsTitle(title, matrix), 1, [SeedsCorner, .. matrix.Datasets]);
        foreach (var row in matrix.Seeds)
        {
            table.Row(row.Title, row.Cells.Select(SeedCell.Text));
        }

        return table.Draw();
    }
}
