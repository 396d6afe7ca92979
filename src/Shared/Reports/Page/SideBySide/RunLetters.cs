using ReidCloud.Reports.Comparisons;

namespace ReidCloud.Reports.Page.SideBySide;

/// <summary>Runs by a letter each, as their names are too long for tables and drawings: A, B … Z, AA, AB …</summary>
internal sealed class RunLetters(Comparison comparison)
{
    private readonly Dictionary<string, string> _letters = comparison.Runs.Index().DistinctBy(run => run.Item.Run).ToDictionary(run => run.Item.Run, run => Letter(run.Index));

    public string this[string run] => _letters.GetValueOrDefault(run, run);

    public IReadOnlyList<string> All { get; } = [.. comparison.Runs.Select((_, i) => Letter(i))];

    private static string Letter(int place) => place < 26 ? $"{(char)('A' + place)}" : $"{(char)('A' + (place / 26) - 1)}{(char)('A' + (place % 26))}";
}
