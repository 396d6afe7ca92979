namespace ReidCloud.Datasets;

/// <summary>A list of texts in a MAT file: a cell array whose every cell is a row of letters.</summary>
internal static class MatTexts
{
    /// <summary>Null for any other variable.</summary>
    /// <exception cref="MatException">It is damaged.</exception>
    public static (string Name, IReadOnlyList<string> Texts)? Read(MatReader parts)
    {
        if (Head(ref parts, MatClass.Cell) is not var (name, rows, columns))
        {
            return null;
        }

        var texts = new List<string>();
        while (!parts.AtEnd)
        {
            var cell = parts.Next();
            if (cell.Type != MatType.Matrix || Text(parts.Inside(cell)) is not { } text)
            {
                return null;
            }

            texts.Add(text);
        }

        return rows >= 0 && columns >= 0 && (long)rows * columns == texts.Count
            ? (name, texts)
            : throw parts.Fault($"cells '{ForeignText.Shown(name)}' are {rows}×{columns} but {texts.Count} are there");
    }

    private static string? Text(MatReader cell) =>
        Head(ref cell, MatClass.Text) is var (_, rows, columns) && (rows == 1 || (long)rows * columns == 0) ? cell.AtEnd ? "" : cell.Letters(cell.Next()) : null;

    /// <summary>What every matrix begins with; null for one of another class or of other than two dimensions.</summary>
    internal static (string Name, int Rows, int Columns)? Head(ref MatReader parts, MatClass kind)
    {
        if (parts.AtEnd || parts.Class(parts.Next()) != kind || parts.AtEnd)
        {
            return null;
        }

        var dimensions = parts.Next();
        return dimensions is { Type: MatType.Int32, Bytes.Length: 8 } && !parts.AtEnd
            ? (parts.Letters(parts.Next()) ?? "", parts.Int32(dimensions.Bytes), parts.Int32(dimensions.Bytes[4..]))
            : null;
    }
}
