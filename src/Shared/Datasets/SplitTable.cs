using System.Globalization;

namespace ReidCloud.Datasets;

/// <summary>
/// The table `ls_set` that comes with iLIDS-VID, for itself and for PRID-2011: ten rows, each an order of the persons, from 1. The first half of a row is for the test, the rest for training
/// (Wang et al., ECCV 2014).
/// </summary>
internal static class SplitTable
{
    private const string Variable = "ls_set";

    /// <param name="path">The MATLAB file's.</param>
    /// <param name="persons">By name: who the numbers are.</param>
    /// <returns>Null where the table does not say it; findings of the draft tell why.</returns>
    public static (string[] Trained, string[] Tested)? Read(ManifestDraft draft, string path, int split, IReadOnlyList<string> persons)
    {
        if (MatTables.Matrix(draft, path, Variable) is not { } table)
        {
            return null;
        }

        if (table.Rows < split || table.Columns != persons.Count)
        {
            Fault(draft, $"{path}: '{Variable}' has {table.Rows} splits of {table.Columns} persons; it needs {SplitVariants.Usual} of the {persons.Count} that are here");
            return null;
        }

        var places = new int[table.Columns];
        var isTaken = new bool[table.Columns];
        for (var column = 0; column < table.Columns; column++)
        {
            var value = table[split - 1, column];
            if (!MatTables.IsInteger(value) || value < 1 || value > persons.Count || isTaken[(int)value - 1])
            {
                Fault(draft, $"{path} split {split}, entry {column + 1}: {value.ToString(CultureInfo.InvariantCulture)} is not a person from 1 to {persons.Count}, or is there twice");
                return null;
            }

            places[column] = (int)value - 1;
            isTaken[places[column]] = true;
        }

        var half = places.Length / 2;
        return (Named(places[half..]), Named(places[..half]));

        string[] Named(int[] chosen) => [.. chosen.Order().Select(place => persons[place])];
    }

    private static void Fault(ManifestDraft draft, string where) =>
        draft.Findings.Add(FindingSeverity.Error, "split-table", "the table of splits does not fit the persons: take tables and films of one release", where);
}
