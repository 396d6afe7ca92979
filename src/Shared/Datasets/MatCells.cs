namespace ReidCloud.Datasets;

/// <summary>Matrices in two levels of cells of a MAT file, as SYSU-MM01 keeps one for each camera and person.</summary>
internal static class MatCells
{
    /// <summary>SYSU-MM01 has 6 times 533; each is worth an object, though it may hold nothing.</summary>
    public const int MostCells = 100_000;

    internal delegate MatMatrix? MatrixReader(MatReader parts);

    /// <summary>Null for any other variable. A cell that is empty or no matrix is null, and one that has no cells in it an empty list.</summary>
    /// <param name="most">So many cells may be read.</param>
    /// <exception cref="MatException">It is damaged.</exception>
    public static (string Name, IReadOnlyList<IReadOnlyList<MatMatrix?>> Cells)? Read(MatReader parts, MatrixReader read, ref int most)
    {
        if (MatTexts.Head(ref parts, MatClass.Cell) is not var (name, rows, columns))
        {
            return null;
        }

        var outer = new List<IReadOnlyList<MatMatrix?>>();
        while (!parts.AtEnd)
        {
            Count(parts, ref most);
            var cell = parts.Next();
            var inside = parts.Inside(cell);
            var inner = new List<MatMatrix?>();
            outer.Add(inner);
            if (cell.Type != MatType.Matrix || MatTexts.Head(ref inside, MatClass.Cell) is not var (_, innerRows, innerColumns))
            {
                continue;
            }

            while (!inside.AtEnd)
            {
                Count(parts, ref most);
                var item = inside.Next();
                var matrix = item.Type == MatType.Matrix ? read(inside.Inside(item)) : null;
                inner.Add(matrix is { Values.Length: > 0 } ? matrix : null);
            }

            Check(parts, name, innerRows, innerColumns, inner.Count);
        }

        Check(parts, name, rows, columns, outer.Count);
        return (name, outer);
    }

    private static void Count(MatReader parts, ref int most)
    {
        if (--most < 0)
        {
            throw new MatException($"{parts.File} holds more than {MostCells} cells. Save only its tables.");
        }
    }

    private static void Check(MatReader parts, string name, int rows, int columns, int there)
    {
        if (rows < 0 || columns < 0 || (long)rows * columns != there)
        {
            throw parts.Fault($"cells '{ForeignText.Shown(name)}' are {rows}×{columns} but {there} are there");
        }
    }
}
