using System.Globalization;

namespace ReidCloud.Datasets;

/// <summary>The MATLAB files of a protocol: where one lacks what a layout reads from it, that becomes a finding of the draft, and null.</summary>
internal static class MatTables
{
    public static MatMatrix? Matrix(ManifestDraft draft, string path, string variable) =>
        Read(draft, path, file => MatFile.Read(file, path)) is { } matrices ? Variable(draft, path, variable, "numeric matrix", matrices) : null;

    /// <summary>Each a row or a column of so many whole numbers, in this order.</summary>
    public static int[][]? Columns(ManifestDraft draft, string path, params ReadOnlySpan<string> variables)
    {
        if (Read(draft, path, file => MatFile.Read(file, path)) is not { } matrices)
        {
            return null;
        }

        var columns = new List<int[]>();
        foreach (var variable in variables)
        {
            if (Variable(draft, path, variable, "numeric matrix", matrices) is { } matrix)
            {
                if (matrix.Values.FirstOrDefault(value => !IsInteger(value), 0) is var value && value != 0)
                {
                    draft.Findings.Add(FindingSeverity.Error, "mat-variable", Lacks, $"{path}: '{variable}' holds {value.ToString(CultureInfo.InvariantCulture)}, which is no whole number");
                }

                columns.Add([.. matrix.Values.Select(whole => IsInteger(whole) ? (int)whole : 0)]);
            }
        }

        return columns.Count == variables.Length ? [.. columns] : null;
    }

    public static IReadOnlyList<string>? Texts(ManifestDraft draft, string path, string variable) =>
        Read(draft, path, file => MatFile.ReadTexts(file, path)) is { } lists ? Variable(draft, path, variable, "list of texts", lists) : null;

    /// <summary>Matrices in two levels of cells; an empty one is null.</summary>
    public static IReadOnlyList<IReadOnlyList<MatMatrix?>>? Cells(ManifestDraft draft, string path, string variable) =>
        Read(draft, path, file => MatFile.ReadCells(file, path)) is { } cells ? Variable(draft, path, variable, "cells of cells", cells) : null;

    public static bool IsInteger(double value) => value == Math.Truncate(value) && Math.Abs(value) <= int.MaxValue;

    private const string Lacks = "a MATLAB file lacks its table: take the authors' file";

    /// <param name="path">As it stands in the listing.</param>
    private static T? Read<T>(ManifestDraft draft, string path, Func<byte[], T> read)
        where T : class
    {
        draft.Known.Add(draft.Files.IndexOf(path));
        try
        {
            return read(draft.Files.Read(path, MatFile.DefaultLimit));
        }
        catch (MatException exception)
        {
            draft.Findings.Add(FindingSeverity.Error, "mat-file", "a MATLAB file cannot be read", exception.Message);
            return null;
        }
    }

    private static T? Variable<T>(ManifestDraft draft, string path, string variable, string kind, IReadOnlyDictionary<string, T> variables)
        where T : class
    {
        if (variables.TryGetValue(variable, out var found))
        {
            return found;
        }

        draft.Findings.Add(
            FindingSeverity.Error, "mat-variable", Lacks, $"{path}: no {kind} '{variable}', only {(variables.Count == 0 ? "none" : string.Join(", ", variables.Keys))}");
        return null;
    }
}
