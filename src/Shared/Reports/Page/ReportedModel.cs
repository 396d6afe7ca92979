using ReidCloud.Specs;

namespace ReidCloud.Reports.Page;

/// <summary>A model of which a report has figures, by what it is called there, and how far the reported one is ahead of it.</summary>
internal sealed record ReportedModel(string Title, IReadOnlyList<SettingMetrics> Settings, IReadOnlyList<PairedDifference> Differences)
{
    /// <summary>The run's own, the other peers, and the one measured beside it.</summary>
    public static IReadOnlyList<ReportedModel> All(MetricReport report) =>
    [
        .. new[] { First(report) }.Concat(report.Peers.Select(peer => new ReportedModel(RetrievalTitle.OfPeer(peer.Peer), peer.Settings, peer.Differences))),
        .. Second(report) is { } second ? [second] : Array.Empty<ReportedModel>(),
    ];

    public static ReportedModel First(MetricReport report) => new(ModelTitles.Of(report.Spec).First, report.Settings, []);

    public static ReportedModel? Second(MetricReport report) =>
        report.Against is { } against ? new ReportedModel(ModelTitles.Of(report.Spec).Second, against.Settings, against.Differences) : null;

    /// <summary>Its figures of the same setting and way of searching.</summary>
    public SettingMetrics? Of(SettingMetrics metrics) => Settings.FirstOrDefault(there => there.Name == metrics.Name);

    public PairedDifference? Difference(SettingMetrics metrics, ReportMetric metric) => Differences.FirstOrDefault(one => one.Name == metrics.Name && one.Metric == metric.Name);
}
