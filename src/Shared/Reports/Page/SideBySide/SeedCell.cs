using System.Globalization;
using ReidCloud.Reports.Comparisons;

namespace ReidCloud.Reports.Page.SideBySide;

/// <summary>Mean ± sample standard deviation over outcomes, in percent.</summary>
internal static class SeedCell
{
    public static string Text(SeedFigure figure) => figure.Deviation is { } deviation
        ? string.Create(CultureInfo.InvariantCulture, $"{figure.Mean * 100:F1} ± {deviation * 100:F1} %")
        : Amounts.Percent(figure.Mean);
}
