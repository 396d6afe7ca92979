using Spectre.Console;
using Spectre.Console.Rendering;

namespace ReidCloud.Cli.Display;

/// <summary>
/// A table of which a narrow terminal cuts nothing off: columns that find no room follow in another table below it, behind the first columns again, which
/// tell the rows apart. Where there is room, and in a pipe, it is one table.
/// </summary>
/// <param name="keys">How many of the first columns tell the rows apart.</param>
internal sealed class WideTable(int keys, IReadOnlyList<string> names) : Renderable
{
    private const int AroundCell = 3;
    private const int LastBorder = 1;

    private readonly List<IReadOnlyList<string>> _rows = [];

    public void AddRow(params IReadOnlyList<string> cells)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(cells.Count, names.Count);
        _rows.Add(cells);
    }

    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth) =>
        Parts(maxWidth).SelectMany(part => ((IRenderable)Table(part, maxWidth)).Render(options, maxWidth));

    /// <summary>Which columns each table has.</summary>
    private IEnumerable<int[]> Parts(int width)
    {
        int[] first = [.. Enumerable.Range(0, keys)];
        var part = new List<int>(first);
        for (var column = keys; column < names.Count; column++)
        {
            if (part.Count > keys && Width(part) + Width(column) > width)
            {
                yield return [.. part];
                part = [.. first];
            }

            part.Add(column);
        }

        yield return [.. part];
    }

    /// <summary>What does not fit even alone is broken into lines.</summary>
    private Table Table(int[] columns, int width)
    {
        var table = new Table().Border(TableBorder.Rounded);
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn(new Text(names[column])) { NoWrap = Width(columns) <= width });
        }

        foreach (var row in _rows)
        {
            table.AddRow(columns.Select(column => new Text(row[column])));
        }

        return table;
    }

    private int Width(IEnumerable<int> columns) => columns.Sum(Width) + LastBorder;

    private int Width(int column) => AroundCell + _rows.Select(row => row[column]).Append(names[column]).Max(text => text.Length);
}
