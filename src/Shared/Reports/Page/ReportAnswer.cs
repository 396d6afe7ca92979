using ReidCloud.Specs;

namespace ReidCloud.Reports.Page;

/// <summary>What a report says, in a sentence: the standard mAP of its first retrieval setting, and whether the model is ahead of the other.</summary>
internal static class ReportAnswer
{
    private static readonly ReportMetric Headline = ReportMetric.All.First(metric => metric.Name == "mapStandard");

    public static string Of(MetricReport report)
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

        var task = $"{NameConverterFactory.NameOf(measured.Setting)} search on {report.Spec.Dataset}";
        if (measured.QueriesWithMatch == 0)
        {
            return $"Nothing can be said of the {titles.First}: in {task} no query has a match in the gallery.";
        }

        return report.Against?.Settings.FirstOrDefault(metrics => metrics.Setting == measured.Setting) is { } other
            ? Beside(report, titles, task, measured, other)
            : $"In {task} the {titles.First} reaches {Headline.Title} {Stated(measured)} and rank-1 {Amounts.Percent(measured.Rank1)} over {Queries(measured)}.";
    }

    private static string Beside(MetricReport report, ModelTitles titles, string task, SettingMetrics measured, SettingMetrics other)
    {
        var (ours, theirs) = report.Spec is TrainSpec { Method: ViewDistillationSpec }
            ? ("The student", "its teacher")
            : ($"The {titles.First}", $"`{titles.Second}`");
        var figures = $"{Headline.Title} {Stated(measured)} against {Stated(other)}";
        if (report.Against!.Differences.FirstOrDefault(one => one.Setting == measured.Setting && one.Metric == Headline.Name) is not { } difference)
        {
            return $"{ours} and {theirs} in {task}: {figures}, over {Queries(measured)}.";
        }

        var test = $"95 %: {Amounts.Points(difference.Interval)}, {Amounts.P(difference.PValue)}";
        var points = Amounts.Points(Math.Abs(difference.Difference)).TrimStart('+');
        return difference.PValue < Amounts.Significant && difference.Difference != 0
            ? $"{ours} is {(difference.Difference > 0 ? "ahead of" : "behind")} {theirs} in {task}: {figures}, {points} points {(difference.Difference > 0 ? "more" : "less")} ({test}), over {Queries(measured)}."
            : $"{ours} and {theirs} cannot be told apart in {task}: {figures}; chance alone may bring the difference of {Amounts.Points(difference.Difference)} points ({test}), over {Queries(measured)}.";
    }

    private static string Stated(SettingMetrics metrics) =>
        Amounts.PercentWithin(Headline.ValueOf(metrics), metrics.Intervals is { } intervals ? Headline.IntervalOf(intervals) : null);

    private static string Queries(SettingMetrics metrics) =>
        metrics.QueriesWithMatch == 1 ? "1 query" : $"{Amounts.Count(metrics.QueriesWithMatch)} queries";
}
