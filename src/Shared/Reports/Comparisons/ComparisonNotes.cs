using ReidCloud.Specs;

namespace ReidCloud.Reports.Comparisons;

/// <summary>Why figures that stand side by side may not mean the same.</summary>
internal static class ComparisonNotes
{
    public static IReadOnlyList<string> Of(IReadOnlyList<MetricReport> reports) => [.. Data(reports), .. Measures(reports), .. Errors(reports)];

    private static IEnumerable<string> Data(IReadOnlyList<MetricReport> reports)
    {
        foreach (var other in reports.Where(report => report.Lineage.DatasetHash == reports[0].Lineage.DatasetHash && !Validation(report).Equals(Validation(reports[0]))))
        {
            yield return $"Run {other.Run} was measured on {Words(Validation(other))}, run {reports[0].Run} on {Words(Validation(reports[0]))} of data set '{other.Spec.Dataset}': their figures are of other queries.";
        }

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
        let places = ComparedPlace.OfEvaluations(OfBoth(EvaluationOf(reports[0].Spec), EvaluationOf(other.Spec)))
        where places.Count > 0
        select $"Run {other.Run} was measured in another way than run {reports[0].Run}: "
            + $"{string.Join(", ", places.Select(place => $"{place.Path} is {place.Values[1] ?? "absent"} instead of {place.Values[0] ?? "absent"}"))}.";

    private static IEnumerable<string> Errors(IReadOnlyList<MetricReport> reports) => reports.Where(report => report.Settings.Any(metrics => metrics.Intervals is null))
        .Select(report => $"Run {report.Run} has figures without error bars: it is of an earlier version, or no query has a match. `reid reproduce {report.Run}` measures it anew.");

    /// <summary>Other identities held back, or none: other queries of the same data.</summary>
    private static (int Identities, long Seed) Validation(MetricReport report) => report.Spec is TrainSpec { Validation: { } held } ? (held.Identities, held.Seed) : default;

    private static string Words((int Identities, long Seed) held) => held.Identities == 0 ? "the queries and the gallery" : FormattableString.Invariant($"{held.Identities} identities held back for validation (seed {held.Seed})");

    /// <summary>How the figures at the end come about; when else it is measured does not matter, nor what is measured besides: each of that stands under a name of its own.</summary>
    private static EvaluationSpec? EvaluationOf(RunSpec spec) => MeasuringTerms.EvaluationOf(spec) is { } evaluation
        ? evaluation with { EveryEpochs = 0, Settings = [], Distances = [], Cmc = [], FalsePositiveRates = [] }
        : null;

    /// <summary>What only one of them asks for besides makes no figure of both another.</summary>
    private static IReadOnlyList<EvaluationSpec?> OfBoth(EvaluationSpec? one, EvaluationSpec? other) => [Shared(one, other), Shared(other, one)];

    private static EvaluationSpec? Shared(EvaluationSpec? one, EvaluationSpec? other) => one is null ? null : one with
    {
        ReRanking = other?.ReRanking is null ? null : one.ReRanking,
        QueryExpansion = other?.QueryExpansion is null ? null : one.QueryExpansion,
        MultiQuery = other?.MultiQuery is null ? null : one.MultiQuery,
    };
}
