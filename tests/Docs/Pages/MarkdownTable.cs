using System.Text;

namespace ReidCloud.Tests.Docs.Pages;

/// <summary>A table of a page. A bar in a cell is escaped, so that it does not end the cell.</summary>
internal static class MarkdownTable
{
    public static string Of(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        var text = new StringBuilder();
        foreach (var row in rows.Prepend([.. columns.Select(_ => "---")]).Prepend(columns))
        {
            text.Append("| ").AppendJoin(" | ", row.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal))).Append(" |\n");
        }

        return text.ToString();
    }
}
