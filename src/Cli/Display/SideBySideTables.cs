using System.Globalization;
using ReidCloud.Cli.Progress;
using ReidCloud.Reports;
using ReidCloud.Reports.Comparisons;
using Spectre.Console;

namespace ReidCloud.Cli.Display;

/// <summary>Runs side by side, each called by the first digits of its id.</summary>
internal static class SideBySideTables
{
    private const int FewestDigits = 6;
    private const int LongestValue = 60;

    /// <summary>Of the figures of models on data sets a terminal shows these; JSON and page have all.</summary>
    private static readonly string[] MatrixMetrics = ["mapStandard", "rank1"];

    public static void Write(IAnsiConsole console, Comparison comparison)
    {
        var digits = DigitsToTell([.. comparison.Runs.Select(run => run.Run)]);
        console.Write(Runs(comparison, digits));
        console.Write(Figures(comparison, digits));
        console.WriteLine(ReportTables.Definitions);
        if (comparison.Figures.Any(figure => figure.Values.Any(value => value?.Interval is not null)))
        {
            console.WriteLine(ReportTables.ErrorBars);
        }

        WriteSeeds(console, comparison);
        if (comparison.Differences.Count > 0)
        {
            console.Write(Differences(comparison, digits));
            console.WriteLine(
                "Differences are in percentage points, query by query against the first run, with their 95 % interval. By chance: how likely the signs of the differences alone bring as much (two-sided).");
        }

        if (comparison.Specs.Count > 0)
        {
            console.Write(Places("in the request", comparison.Specs, comparison, digits));
        }

        if (comparison.Lineages.Count > 0)
        {
            console.Write(Places("in what they depend on", comparison.Lineages, comparison, digits));
        }

        foreach (var matrix in comparison.Matrices.Where(matrix => MatrixMetrics.Contains(matrix.Metric)))
        {
            if (matrix.Seeds.Count > 0)
            {
                console.Write(Transfer(matrix));
            }

            console.Write(Matrix(matrix));
        }

        foreach (var note in comparison.Notes)
        {
            console.WriteLine($"Note: {note}", new Style(Color.Yellow));
        }
    }

    /// <summary>What seeds alone change: mean ± standard deviation.</summary>
    public static void WriteSeeds(IAnsiConsole console, Comparison comparison)
    {
        foreach (var group in comparison.Groups)
        {
            var table = new WideTable(2, ["setting", "figure", "mean ± sd", "n"]);
            foreach (var figure in group.Figures)
            {
                table.AddRow(figure.Title, TitleOf(figure.Metric), MeanOf(figure), ReportTables.Count(figure.Count));
            }

            console.WriteLine($"{group.Title}, {(group.Seeds.Count == 1 ? "seed" : "seeds")} {string.Join(", ", group.Seeds)}:");
            console.Write(table);
        }
    }

    private static WideTable Runs(Comparison comparison, int digits)
    {
        var table = new WideTable(1, ["run", "what", "took", "id"]);
        foreach (var run in comparison.Runs)
        {
            table.AddRow(run.Run[..digits], run.Title, Words.Duration(TimeSpan.FromSeconds(run.Cost.Seconds)), run.Run);
        }

        return table;
    }

    private static WideTable Figures(Comparison comparison, int digits)
    {
        var table = new WideTable(2, ["setting", "figure", .. comparison.Runs.Select(run => run.Run[..digits])]);
        foreach (var figure in comparison.Figures)
        {
            table.AddRow(
            [
                figure.Title, TitleOf(figure.Metric), .. figure.Values.Select(value => value is null ? "" : Words.Percent(value.Value, value.Interval)),
            ]);
        }

        return table;
    }

    private static WideTable Differences(Comparison comparison, int digits)
    {
        var table = new WideTable(3, ["run", "setting", "figure", $"against {comparison.Differences[0].Against[..digits]}", "by chance (p)"]);
        foreach (var run in comparison.Differences)
        {
            foreach (var difference in run.Differences)
            {
                table.AddRow(
                    run.Run[..digits], RetrievalTitle.Of(difference.Setting, difference.Variant), TitleOf(difference.Metric),
                    Words.Points(difference.Difference, difference.Interval), Words.Chance(difference.PValue));
            }
        }

        return table;
    }

    private static WideTable Places(string where, IReadOnlyList<ComparedPlace> places, Comparison comparison, int digits)
    {
        var table = new WideTable(1, [$"differs {where}", .. comparison.Runs.Select(run => run.Run[..digits])]);
        foreach (var place in places)
        {
            table.AddRow([place.Path, .. place.Values.Select(value => ReidCloud.Datasets.ForeignText.Short(value ?? "", LongestValue))]);
        }

        return table;
    }

    private static WideTable Matrix(DatasetMatrix matrix)
    {
        var table = new WideTable(1, [$"{TitleOf(matrix.Metric)}, {matrix.Title}", .. matrix.Datasets]);
        foreach (var row in matrix.Rows)
        {
            table.AddRow([row.Title, .. row.Cells.Select(cell => cell is null ? "" : Words.Percent(cell.Figure.Value, cell.Figure.Interval))]);
        }

        return table;
    }

    /// <summary>Trained on by tested on, mean ± standard deviation over seeds.</summary>
    private static WideTable Transfer(DatasetMatrix matrix)
    {
        var table = new WideTable(1, [$"trained, {TitleOf(matrix.Metric)}, {matrix.Title}", .. matrix.Datasets.Select(dataset => $"tested on {dataset}")]);
        foreach (var row in matrix.Seeds)
        {
            table.AddRow([row.Title, .. row.Cells.Select(cell => cell is null ? "" : $"{MeanOf(cell.Mean, cell.Deviation)} (n = {ReportTables.Count(cell.Count)})")]);
        }

        return table;
    }

    private static string MeanOf(SeedFigure figure) => MeanOf(figure.Mean, figure.Deviation);

    private static string MeanOf(double mean, double? spread) => string.Create(
        CultureInfo.InvariantCulture, $"{mean * 100:F1}{(spread is { } deviation ? string.Create(CultureInfo.InvariantCulture, $" ± {deviation * 100:F1}") : "")} %");

    internal static string TitleOf(string metric) => ReportMetric.All.First(known => known.Name == metric).Title;

    /// <summary>So many that no two begin alike.</summary>
    internal static int DigitsToTell(IReadOnlyList<string> runs) =>
        Enumerable.Range(FewestDigits, runs[0].Length - FewestDigits + 1).FirstOrDefault(count => runs.Select(run => run[..count]).Distinct().Count() == runs.Count, runs[0].Length);
}
