using ReidCloud.Specs;

namespace ReidCloud.Reports.Comparisons;

/// <summary>Why figures that stand side by side may not mean the same.</summary>
internal static class ComparisonNotes
{
    public static IReadOnlyList<string> Of(IReadOnlyList<MetricReport> reports) => [.. Data(reports), .. Measures(reports), .. Errors(reports)];

    private static IEnumerable<string> Data(IReadOnlyList<MetricReport> reports)
    {
        foreach (var other in reports.Where(report => report.Lineage.DatasetHash != reports[0].Lineage.DatasetHash))
        {
            yield return other.Spec.Dataset == reports[0].Spec.Dataset
                ? $"Run {other.Run} was measured on another content of data set '{other.Spec.Dataset}' than run {reports[0].Run}: their figures are not comparable, and nothing is tested."
                : $"Run {other.Run} was measured on data set '{other.Spec.Dataset}', run {reports[0].Run} on '{reports[0].Spec.Dataset}': their figures are of other queries, and no difference is tested.";
        }
    }

    private static IEnumerable<string> Measures(IReadOnlyList<MetricReport> reports) =>
        from other in reports.Skip(1)
        where other.Lineage.DatasetHash == reports[0].Lineage.DatasetHash
        let places = ComparedPlace.OfEvaluations([EvaluationOf(reports[0].Spec), EvaluationOf(other.Spec)])
        where places.Count > 0
        select $"Run {other.Run} was measured in another way than run {reports[0].Run}: "
            + $"{string.Join(", ", places.Select(place => $"{place.Path} is {place.Values[1] ?? "absent"} instead of {place.Values[0] ?? "absent"}"))}.";

    private static IEnumerable<string> Errors(IReadOnlyList<MetricReport> reports) => reports.Where(report => report.Settings.Any(metrics => metrics.Intervals is null))
        .Select(report => $"Run {report.Run} has figures without error bars: it is of an earlier version, or no query has a match. `reid reproduce {report.Run}` measures it anew.");

    /// <summary>How the figures at the end come about; when else it is measured does not matter.</summary>
    private static EvaluationSpec? EvaluationOf(RunSpec spec) => spec switch
    {
        TrainSpec train => train.Evaluation with { EveryEpochs = 0, Settings = [] },
        EvaluateSpec evaluate => evaluate.Evaluation with { EveryEpochs = 0, Settings = [] },
        _ => null,
    };
}
