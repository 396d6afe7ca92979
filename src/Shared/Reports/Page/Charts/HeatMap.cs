using System.Globalization;

namespace ReidCloud.Reports.Page.Charts;

/// <summary>One number for each pair of a row and a column, null where there is none.</summary>
internal sealed record HeatCell(double Value, string Note);

/// <summary>
/// A table whose cells are colored by their numbers, so that who sees no colors loses nothing. The scale is cividis (Nuñez et al. 2018), which looks the same with every kind of
/// color vision and grows evenly darker in print.
/// </summary>
internal sealed record HeatMap(string Caption, string Rows, string Columns, IReadOnlyList<string> RowNames, IReadOnlyList<string> ColumnNames, IReadOnlyList<IReadOnlyList<HeatCell?>> Cells)
{
    public const int Levels = 10;

    public Markup Draw()
    {
        var values = Cells.SelectMany(row => row).OfType<HeatCell>().Select(cell => cell.Value).ToList();
        var (low, high) = values.Count == 0 ? (0, 1) : (values.Min(), values.Max());
        var corner = Markup.Of($"""<td class="corner"><span>{Rows} ↓</span> <span>{Columns} →</span></td>""");
        return Markup.Of(
            $"""
            <div class="scroll" role="region" tabindex="0" aria-label="{Caption}"><table class="heat"><caption>{Caption}</caption>
            <thead><tr>{corner}{ColumnNames.Select(name => Markup.Of($"""<th scope="col">{Markup.Name(name)}</th>"""))}</tr></thead>
            <tbody>{RowNames.Select((name, row) => Markup.Of($"""<tr><th scope="row">{Markup.Name(name)}</th>{Cells[row].Select(cell => Cell(cell, low, high))}</tr>"""))}</tbody>
            </table></div>{Scale(low, high)}
            """);
    }

    private static Markup Cell(HeatCell? cell, double low, double high) => cell is null
        ? Markup.Of($"""<td class="none" title="no query has a match there">–</td>""")
        : Markup.Of($"""<td class="h{Level(cell.Value, low, high)}" title="{cell.Note}">{(cell.Value * 100).ToString("F1", CultureInfo.InvariantCulture)}</td>""");

    private static int Level(double value, double low, double high) => high - low < 1e-9 ? Levels / 2 : Math.Clamp((int)((value - low) / (high - low) * Levels), 0, Levels - 1);

    private static Markup Scale(double low, double high) => Markup.Of(
        $"""<p class="scale" aria-hidden="true"><span>{Amounts.Percent(low)}</span>{Enumerable.Range(0, Levels).Select(level => Markup.Of($"""<i class="h{level}"></i>"""))}<span>{Amounts.Percent(high)}</span></p>""");
}
