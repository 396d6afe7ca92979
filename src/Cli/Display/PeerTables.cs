using ReidCloud.Cli.Progress;
using ReidCloud.Reports;

namespace ReidCloud.Cli.Display;

/// <summary>Mutual learning: the peers beside each other and beside a network that was trained alone, and who is ahead of whom.</summary>
internal static class PeerTables
{
    private const string Alone = "trained alone";

    /// <summary>A terminal shows these; JSON and page have all.</summary>
    private static readonly IReadOnlyList<ReportMetric> Shown = [.. ReportMetric.All.Where(metric => metric.Name is "mapTrapezoidal" or "mapStandard" or "rank1")];

    public static WideTable Figures(MetricReport report)
    {
        var table = new WideTable(2, ["setting", "model", .. Shown.Select(metric => metric.Title)]);
        foreach (var metrics in report.Settings)
        {
            foreach (var (model, settings) in Models(report))
            {
                if (settings.FirstOrDefault(there => there.Name == metrics.Name) is { } there)
                {
                    table.AddRow([RetrievalTitle.Of(metrics), model, .. Shown.Select(metric => Words.Percent(metric.ValueOf(there), there.Intervals is { } bars ? metric.IntervalOf(bars) : null))]);
                }
            }
        }

        return table;
    }

    /// <summary>In percentage points, with the chance that nothing is behind it; of each setting what comes first.</summary>
    public static WideTable Differences(MetricReport report)
    {
        var table = new WideTable(2, ["setting", "of", .. Shown.Select(metric => metric.Title)]);
        foreach (var metrics in report.Settings.DistinctBy(metrics => metrics.Setting))
        {
            foreach (var (title, differences) in Pairs(report))
            {
                var known = differences.Where(one => one.Name == metrics.Name).ToList();
                if (known.Count > 0)
                {
                    table.AddRow([RetrievalTitle.Of(metrics), title, .. Shown.Select(metric => known.Find(one => one.Metric == metric.Name) is { } paired ? $"{Words.Points(paired.Difference)}, p {Words.Chance(paired.PValue)}" : "")]);
                }
            }
        }

        return table;
    }

    private static IEnumerable<(string Model, IReadOnlyList<SettingMetrics> Settings)> Models(MetricReport report) =>
    [
        (RetrievalTitle.OfPeer(1), report.Settings),
        .. report.Peers.Select(peer => (RetrievalTitle.OfPeer(peer.Peer), peer.Settings)),
        .. report.Against is { } against ? [(Alone, against.Settings)] : Array.Empty<(string, IReadOnlyList<SettingMetrics>)>(),
    ];

    private static IEnumerable<(string Title, IReadOnlyList<PairedDifference> Differences)> Pairs(MetricReport report) =>
    [
        .. report.Peers.Select(peer => ($"{RetrievalTitle.OfPeer(1)} minus {RetrievalTitle.OfPeer(peer.Peer)}", peer.Differences)),
        .. report.Against is { } against ? [($"{RetrievalTitle.OfPeer(1)} minus {Alone}", against.Differences)] : Array.Empty<(string, IReadOnlyList<PairedDifference>)>(),
        .. report.Peers.Select(peer => ($"{RetrievalTitle.OfPeer(peer.Peer)} minus {Alone}", peer.AgainstDifferences)),
    ];
}
