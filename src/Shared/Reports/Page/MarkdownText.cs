using System.Text;
using ReidCloud.Datasets;

namespace ReidCloud.Reports.Page;

/// <summary>Markdown of the kind that forges show. Text from others stays text: it makes no markup, no links, no mentions.</summary>
internal sealed class MarkdownText
{
    private const string Special = @"\`*_[]<>|~#$&!";
    private readonly StringBuilder _text = new();

    public void Heading(int level, string title) => Block($"{new string('#', level)} {Escaped(title)}");

    /// <summary>Of markup; what others wrote in it must be escaped.</summary>
    public void Paragraph(string markup) => Block(markup);

    public void Code(string language, string code) => Block($"```{language}\n{code}\n```");

    public void List(IEnumerable<string> items)
    {
        if (string.Join('\n', items.Select(item => $"- {Escaped(item)}")) is { Length: > 0 } list)
        {
            Block(list);
        }
    }

    /// <summary>The first columns are <paramref name="words"/>, the others numbers. Nothing where there are no rows.</summary>
    public void Table(int words, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        List<IReadOnlyList<string>> all = [.. rows];
        if (all.Count > 0)
        {
            Block(string.Join('\n', [Row(columns), $"|{string.Concat(columns.Select((_, i) => i < words ? " --- |" : " ---: |"))}", .. all.Select(Row)]));
        }
    }

    public override string ToString() => _text.ToString();

    public static string Escaped(string text)
    {
        var escaped = new StringBuilder();
        foreach (var letter in ForeignText.Printable(text))
        {
            if (Special.Contains(letter, StringComparison.Ordinal))
            {
                escaped.Append('\\');
            }

            escaped.Append(letter);
            if (letter == '@')
            {
                escaped.Append("<!-- -->");
            }
        }

        return escaped.ToString();
    }

    private static string Row(IReadOnlyList<string> cells) => $"| {string.Join(" | ", cells.Select(Escaped))} |";

    private void Block(string block) => _text.Append(_text.Length == 0 ? "" : "\n").Append(block).Append('\n');
}
