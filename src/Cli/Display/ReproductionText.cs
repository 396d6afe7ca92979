using ReidCloud.Cli.Progress;
using ReidCloud.Reports.Comparisons;
using Spectre.Console;

namespace ReidCloud.Cli.Display;

/// <summary>Whether the same came out once more, and if not, in what it differs.</summary>
internal static class ReproductionText
{
    public static void Write(IAnsiConsole console, Reproduction reproduction)
    {
        console.WriteLine(Verdict(reproduction), new Style(reproduction.Verdict switch
        {
            ReproductionVerdict.Equal => Color.Green,
            ReproductionVerdict.WithinTolerance => Color.Yellow,
            ReproductionVerdict.Different => Color.Red,
        }));
        if (reproduction.Verdict != ReproductionVerdict.Equal && reproduction.Figures.Count > 0)
        {
            console.Write(Figures(reproduction));
        }

        foreach (var file in reproduction.Files)
        {
            console.WriteLine($"  file {file} is not the same");
        }

        if (reproduction.Lineages.Count > 0)
        {
            var table = new WideTable(1, ["depends on", "first", "again"]);
            foreach (var place in reproduction.Lineages)
            {
                table.AddRow(place.Path, place.Values[0] ?? "", place.Values[1] ?? "");
            }

            console.Write(table);
        }
        else if (reproduction.Verdict != ReproductionVerdict.Equal)
        {
            console.WriteLine("Both have the same data, weights, versions, device and number of threads. On a GPU the order of sums is not fixed.");
        }
    }

    private static string Verdict(Reproduction reproduction) => reproduction.Verdict switch
    {
        ReproductionVerdict.Equal => $"Equal: run {reproduction.Again} came to the same as {reproduction.Run}, "
            + (reproduction.Figures.Count > 0 ? "checkpoint and figures." : "file by file."),
        ReproductionVerdict.WithinTolerance => $"Within tolerance: every figure of run {reproduction.Again} lies in the 95 % interval of {reproduction.Run}'s, or within "
            + $"{Words.Points(Reproduction.Tolerance).TrimStart('+')} percentage points; {(reproduction.SameCheckpoint ? "the checkpoint is the same." : "the checkpoint has other bytes.")}",
        ReproductionVerdict.Different => $"Different: run {reproduction.Again} did not come to the same as {reproduction.Run}.",
    };

    private static WideTable Figures(Reproduction reproduction)
    {
        var table = new WideTable(2, ["setting", "figure", "first", "again", "difference", "within"]);
        foreach (var figure in reproduction.Figures)
        {
            table.AddRow(
                figure.Title,
                SideBySideTables.TitleOf(figure.Metric),
                figure.Value is { } first ? Words.Percent(first, figure.Interval) : "",
                figure.Again is { } again ? Words.Percent(again) : "",
                figure is { Value: { } one, Again: { } other } ? Words.Points(other - one) : "",
                figure.IsWithin ? "yes" : "no");
        }

        return table;
    }
}
