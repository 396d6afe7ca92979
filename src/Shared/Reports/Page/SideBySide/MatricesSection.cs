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

    public static bool IsShown(DatasetMatrix matrix) => Shown.Contains(matrix.Metric);

    private static Markup Matrix(DatasetMatrix matrix)
    {
        var title = ReportMetric.All.First(metric => metric.Name == matrix.Metric).Title;
        var map = new HeatMap(
            $"{title} in percent, {matrix.Title}", "model", "data set", [.. matrix.Rows.Select(row => row.Title)], matrix.Datasets,
            [.. matrix.Rows.Select(row => row.Cells.Select(cell => cell is null ? null : new HeatCell(cell.Figure.Value, $"{Amounts.PercentWithin(cell.Figure.Value, cell.Figure.Interval)}, run {cell.Run}")).ToList())]);
        return Markup.Of($"<div>{map.Draw()}</div>");
    }
}
