using System.Globalization;
using ReidCloud.Reports.Comparisons;

namespace ReidCloud.Reports.Page.SideBySide;

/// <summary>Mean ± sample standard deviation over outcomes, in percent.</summary>
internal static class SeedCell
{
    public static string Text(SeedFigure figure) => Text(figure.Mean, figure.Deviation);

    /// <summary>With how many models it is of.</summary>
    public static string Text(SeedCellValue? cell) => cell is null ? "–" : $"{Text(cell.Mean, cell.Deviation)} (n = {Amounts.Count(cell.Count)})";

    private static string Text(double mean, double? deviation) => deviation is { } spread
        ? string.Create(CultureInfo.InvariantCulture, $"{mean * 100:F1} ± {spread * 100:F1} %")
        : Amounts.Percent(mean);
}
