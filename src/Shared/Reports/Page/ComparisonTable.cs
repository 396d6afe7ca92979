using ReidCloud.Reports.Comparisons;
using ReidCloud.Specs;

namespace ReidCloud.Reports.Page;

/// <summary>
/// Runs side by side as CSV, four kinds of rows: `run`, a figure with its 95 % interval; `difference`, of a run to the one in `against`, with its p; `seeds`, a mean over
/// outcomes with its sample standard deviation; `transfer`, the same of trainings on one data set measured on another. Fractions in [0, 1].
/// </summary>
public static class ComparisonTable
{
    public static string Write(Comparison comparison)
    {
        var table = new CsvText("kind", "run", "against", "title", "dataset", "seed", "setting", "variant", "peer", "metric", "value", "low", "high", "p", "sd", "n");
        foreach (var (i, run) in comparison.Runs.Index())
        {
            foreach (var figure in comparison.Figures)
            {
                if (figure.Values[i] is { } value)
                {
                    table.Row(
                        "run", run.Run, null, run.Title, run.Spec.Dataset, run.Spec.Seed, NameConverterFactory.NameOf(figure.Setting), RetrievalVariant.NameOf(figure.Variant), figure.Peer, figure.Metric,
                        value.Value, value.Interval?.Low, value.Interval?.High, null, null, value.Queries);
                }
            }
        }

        foreach (var difference in comparison.Differences)
        {
            var run = comparison.Runs.First(run => run.Run == difference.Run);
            foreach (var one in difference.Differences)
            {
                table.Row(
                    "difference", difference.Run, difference.Against, run.Title, run.Spec.Dataset, run.Spec.Seed, NameConverterFactory.NameOf(one.Setting), RetrievalVariant.NameOf(one.Variant), null, one.Metric,
                    one.Difference, one.Interval.Low, one.Interval.High, one.PValue, null, null);
            }
        }

        foreach (var group in comparison.Groups)
        {
            foreach (var figure in group.Figures)
            {
                table.Row("seeds", string.Join(' ', group.Runs), null, group.Title, null, string.Join(' ', group.Seeds), NameConverterFactory.NameOf(figure.Setting), RetrievalVariant.NameOf(figure.Variant), figure.Peer, figure.Metric, figure.Mean, null, null, null, figure.Deviation, figure.Count);
            }
        }

        foreach (var matrix in comparison.Matrices)
        {
            foreach (var row in matrix.Seeds)
            {
                foreach (var (cell, dataset) in row.Cells.Zip(matrix.Datasets).Where(cell => cell.First is not null))
                {
                    table.Row("transfer", string.Join(' ', row.Models.Select(model => model.Run)), null, row.Title, dataset, null, NameConverterFactory.NameOf(matrix.Setting), RetrievalVariant.NameOf(matrix.Variant), row.Models[0].Peer, matrix.Metric, cell!.Mean, null, null, null, cell.Deviation, cell.Count);
                }
            }
        }

        return table.ToString();
    }
}
