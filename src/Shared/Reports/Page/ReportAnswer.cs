using ReidCloud.Specs;

namespace ReidCloud.Reports.Page;

/// <summary>
/// What a report says, in a few sentences: the standard mAP of its first retrieval setting, searched for in the plain way, and whether the model is ahead of the other; then which peer is
/// ahead, and whether that is more than chance; then what re-ranking makes of it, by that name.
/// </summary>
internal static class ReportAnswer
{
    private static readonly ReportMetric Headline = ReportMetric.All.First(metric => metric.Name == "mapStandard");

    public static string Of(MetricReport report) => string.Join(" ", [First(report), .. Besides(report) is { } more ? [more] : Array.Empty<string>()]);

    /// <summary>The plain figures.</summary>
    public static string First(MetricReport report)
    {
        var titles = ModelTitles.Of(report.Spec);
        if (report.Settings is not [var measured, ..])
        {
            return report.Spec switch
            {
                ExplainSpec explain => $"Shows where {explain.Checkpoint}{(explain.Against is null ? "" : $" and {explain.Against}")} look{(explain.Against is null ? "s" : "")} on images of {explain.Dataset}.",
                ExportSpec export => $"Takes {export.Checkpoint} away as model.onnx; model-card.md says how to use it and how it was checked.",
                _ => "Nothing was measured in this run.",
            };
        }

        var task = Task(report.Spec, measured);
        if (measured.QueriesWithMatch == 0)
        {
            return $"Nothing can be said of the {titles.First}: in {task} no query has a match in the gallery.";
        }

        return report.Against?.Settings.FirstOrDefault(metrics => metrics.Name == measured.Name) is { } other
            ? Beside(report, titles, task, measured, other)
            : $"In {task} {(report.Spec is TrainSpec { Method: MutualLearningSpec } ? "" : "the ")}{titles.First} reaches {Headline.Title} {Stated(measured)} and rank-1 {Amounts.Percent(measured.Rank1)} over {Queries(measured)}.";
    }

    /// <summary>The other peers, and re-ranking by its name. Null where there is nothing of that.</summary>
    public static string? Besides(MetricReport report) =>
        report.Settings is [{ QueriesWithMatch: > 0 } measured, ..]
        && string.Join(" ", [.. report.Peers.Select(peer => Peer(peer, measured)).OfType<string>(), .. ReRanked(report, measured) is { } again ? [again] : Array.Empty<string>()]) is { Length: > 0 } more
            ? more
            : null;

    /// <summary>`image-to-image search on market1501`, and what of it is out of the ordinary.</summary>
    private static string Task(RunSpec spec, SettingMetrics measured)
    {
        var held = spec is TrainSpec { Validation: not null } ? "validation identities of " : "";
        var terms = string.Join(", ",
        [
            .. measured.Variant is { } variant ? [RetrievalTitle.Of(variant)] : Array.Empty<string>(),
            .. MeasuringTerms.EvaluationOf(spec)?.Protocol == RetrievalProtocol.CameraLess ? ["camera-less protocol"] : Array.Empty<string>(),
        ]);
        return $"{NameConverterFactory.NameOf(measured.Setting)} search on {held}{spec.Dataset}{(terms.Length > 0 ? $" ({terms})" : "")}";
    }

    private static string Beside(MetricReport report, ModelTitles titles, string task, SettingMetrics measured, SettingMetrics other)
    {
        var (ours, theirs) = report.Spec switch
        {
            TrainSpec { Method: ViewDistillationSpec } => ("The student", "its teacher"),
            TrainSpec { Method: MutualLearningSpec } => (Capital(titles.First), "the network trained alone"),
            _ => ($"The {titles.First}", $"`{titles.Second}`"),
        };
        var figures = $"{Headline.Title} {Stated(measured)} against {Stated(other)}";
        if (Difference(report.Against!.Differences, measured) is not { } difference)
        {
            return $"{ours} and {theirs} in {task}: {figures}, over {Queries(measured)}.";
        }

        return IsCertain(difference)
            ? $"{ours} is {(difference.Difference > 0 ? "ahead of" : "behind")} {theirs} in {task}: {figures}, {Size(difference)} points {(difference.Difference > 0 ? "more" : "less")} ({Test(difference)}), over {Queries(measured)}."
            : $"{ours} and {theirs} cannot be told apart in {task}: {figures}; chance alone may bring the difference of {Amounts.Points(difference.Difference)} points ({Test(difference)}), over {Queries(measured)}.";
    }

    /// <summary>Another peer beside the reported one.</summary>
    private static string? Peer(PeerFigures peer, SettingMetrics measured)
    {
        if (peer.Settings.FirstOrDefault(metrics => metrics.Name == measured.Name) is not { } other)
        {
            return null;
        }

        var reaches = $"{Capital(RetrievalTitle.OfPeer(peer.Peer))} reaches {Stated(other)}";
        return Difference(peer.Differences, measured) switch
        {
            null => $"{reaches}.",
            var difference when IsCertain(difference) => $"{reaches}: peer 1 is {(difference.Difference > 0 ? "ahead of" : "behind")} it by {Size(difference)} points ({Test(difference)}).",
            var difference => $"{reaches}, which cannot be told apart from peer 1 ({Amounts.P(difference.PValue)}).",
        };
    }

    /// <summary>Beside the plain figures and never instead of them.</summary>
    private static string? ReRanked(MetricReport report, SettingMetrics measured)
    {
        var way = (measured.Variant ?? new RetrievalVariant()) with { ReRanked = true };
        return measured.Variant != way && report.Settings.FirstOrDefault(metrics => metrics.Setting == measured.Setting && metrics.Variant == way) is { QueriesWithMatch: > 0 } again
            ? $"Re-ranked, which is another search: {Headline.Title} {Stated(again)} and rank-1 {Amounts.Percent(again.Rank1)}."
            : null;
    }

    private static PairedDifference? Difference(IReadOnlyList<PairedDifference> differences, SettingMetrics measured) =>
        differences.FirstOrDefault(one => one.Name == measured.Name && one.Metric == Headline.Name);

    private static bool IsCertain(PairedDifference difference) => difference.PValue < Amounts.Significant && difference.Difference != 0;

    private static string Test(PairedDifference difference) => $"95 %: {Amounts.Points(difference.Interval)}, {Amounts.P(difference.PValue)}";

    private static string Size(PairedDifference difference) => Amounts.Points(Math.Abs(difference.Difference)).TrimStart('+');

    private static string Capital(string title) => $"{char.ToUpperInvariant(title[0])}{title[1..]}";

    private static string Stated(SettingMetrics metrics) =>
        Amounts.PercentWithin(Headline.ValueOf(metrics), metrics.Intervals is { } intervals ? Headline.IntervalOf(intervals) : null);

    private static string Queries(SettingMetrics metrics) =>
        metrics.QueriesWithMatch == 1 ? "1 query" : $"{Amounts.Count(metrics.QueriesWithMatch)} queries";
}
