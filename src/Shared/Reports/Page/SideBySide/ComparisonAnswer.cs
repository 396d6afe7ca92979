using ReidCloud.Reports.Comparisons;

namespace ReidCloud.Reports.Page.SideBySide;

/// <summary>What a comparison says, in a sentence: seeds of one request by mean and deviation, else which run has the highest standard mAP, and whether that is chance.</summary>
internal static class ComparisonAnswer
{
    private const string Headline = "mapStandard";

    public static string Of(Comparison comparison)
    {
        var runs = $"{Amounts.Count(comparison.Runs.Count)} runs side by side";
        if (comparison.Groups is [{ } seeds] && seeds.Runs.Count == comparison.Runs.Count && seeds.Figures.FirstOrDefault(figure => figure.IsPlain && figure.Metric == Headline) is { } mean)
        {
            return $"{seeds.Title}: over {Amounts.Count(mean.Count)} {(mean.Count == 1 ? "outcome" : "outcomes")} of {Amounts.Count(seeds.Runs.Count)} runs, mAP (standard) in {mean.Title} search is {SeedCell.Text(mean)}.";
        }

        if (comparison.Runs.Select(run => (ComparedRun.MeasuredOn(run.Spec), run.Lineage.DatasetHash, MeasuringTerms.EvaluationOf(run.Spec)?.Protocol)).Distinct().Count() > 1
            || comparison.Figures.FirstOrDefault(figure => figure.IsPlain && figure.Metric == Headline && figure.Values.All(value => value is not null)) is not { } figure)
        {
            return $"{runs}; not all were measured on the same and in the same way, so none is called the best.";
        }

        var letters = new RunLetters(comparison);
        var best = Enumerable.Range(0, comparison.Runs.Count).MaxBy(i => figure.Values[i]!.Value);
        var value = figure.Values[best]!;
        var opening = $"Of {Amounts.Count(comparison.Runs.Count)} runs, {letters.All[best]} has the highest mAP (standard) in {figure.Title} search: {Amounts.PercentWithin(value.Value, value.Interval)}";
        var paired = comparison.Differences.FirstOrDefault(difference => difference.Run == comparison.Runs[best].Run)?.Differences.FirstOrDefault(one => one.Name == figure.Name && one.Metric == Headline);
        return paired is null
            ? $"{opening}."
            : $"{opening}, {Amounts.Points(paired.Difference)} points to {letters[comparison.Runs[0].Run]} (95 %: {Amounts.Points(paired.Interval)}, {Amounts.P(paired.PValue)}){(paired.PValue < Amounts.Significant ? "" : ", which chance alone may bring")}.";
    }
}
