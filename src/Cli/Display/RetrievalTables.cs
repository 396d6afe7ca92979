using System.Globalization;
using ReidCloud.Cli.Progress;
using ReidCloud.Reports;

namespace ReidCloud.Cli.Display;

/// <summary>What was measured of a ranking besides its usual figures: told pairs at rates of false ones, and ranks by other definitions of CMC.</summary>
internal static class RetrievalTables
{
    private static readonly int[] Ranks = [1, 5, 10, 20];

    /// <summary>What the authors of the run's recipe reached, and what was reached here.</summary>
    public static WideTable Published(PublishedBeside beside)
    {
        var table = new WideTable(2, [$"as {beside.Preset.Name}", "figure", "published", "here", "difference"]);
        foreach (var (published, measured) in beside.Figures)
        {
            foreach (var (name, value) in new[] { ("mapTrapezoidal", published.MapTrapezoidal), ("mapStandard", published.MapStandard), ("rank1", (double?)published.Rank1) })
            {
                if (value is { } theirs)
                {
                    var metric = ReportMetric.All.First(metric => metric.Name == name);
                    var ours = metric.ValueOf(measured);
                    table.AddRow(RetrievalTitle.Of(published.Setting, published.Variant, published.Peer), metric.Title, Words.Percent(theirs), Words.Percent(ours), Words.Points(ours - theirs));
                }
            }
        }

        return table;
    }

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
