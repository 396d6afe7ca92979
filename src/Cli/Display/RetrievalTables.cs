using System.Globalization;
using ReidCloud.Cli.Progress;
using ReidCloud.Reports;

namespace ReidCloud.Cli.Display;

/// <summary>What was measured of a ranking besides its usual figures: told pairs at rates of false ones, and ranks by other definitions of CMC.</summary>
internal static class RetrievalTables
{
    private static readonly int[] Ranks = [1, 5, 10, 20];

    /// <summary>A column for each rate of different pairs that are taken for equal.</summary>
    public static WideTable Roc(IReadOnlyList<SettingMetrics> settings)
    {
        List<double> rates = [.. settings.SelectMany(metrics => metrics.Roc).Select(point => point.FalsePositiveRate).Distinct().Order()];
        var table = new WideTable(1, ["true positives at false ones of", .. rates.Select(rate => string.Create(CultureInfo.InvariantCulture, $"{rate * 100:0.######} %"))]);
        foreach (var metrics in settings.Where(metrics => metrics.Roc.Count > 0))
        {
            table.AddRow([RetrievalTitle.Of(metrics), .. rates.Select(rate => metrics.Roc.FirstOrDefault(point => point.FalsePositiveRate == rate) is { } point ? Words.Percent(point.TruePositiveRate) : "")]);
        }

        return table;
    }

    /// <summary>Each definition in words, below the usual curve.</summary>
    public static WideTable Curves(IReadOnlyList<SettingMetrics> settings)
    {
        var table = new WideTable(1, ["CMC by definition", .. Ranks.Select(k => string.Create(CultureInfo.InvariantCulture, $"rank-{k}"))]);
        foreach (var metrics in settings.Where(metrics => metrics.Curves.Count > 0))
        {
            Row(RetrievalTitle.Of(metrics), metrics.Cmc);
            foreach (var curve in metrics.Curves)
            {
                Row($"  {RetrievalTitle.Of(curve.Definition)}", curve.Cmc);
            }
        }

        return table;

        void Row(string name, IReadOnlyList<double> curve) => table.AddRow([name, .. Ranks.Select(k => k <= curve.Count ? Words.Percent(curve[k - 1]) : "")]);
    }
}
