using System.Globalization;
using System.Text;
using ReidCloud.Datasets;

namespace ReidCloud.Reports.Page;

/// <summary>A table as RFC 4180 has it. Words that a spreadsheet would take for a formula begin with an apostrophe (OWASP, CSV injection).</summary>
internal sealed class CsvText
{
    private readonly StringBuilder _text = new();

    public CsvText(params string[] columns) => Row([.. columns]);

    public void Row(params object?[] fields) => _text.AppendJoin(',', fields.Select(Field)).Append("\r\n");

    public override string ToString() => _text.ToString();

    private static string Field(object? field) => field switch
    {
        null => "",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => Quoted(ForeignText.Printable(field.ToString()!)),
    };

    private static string Quoted(string text)
    {
        var harmless = text is ['=' or '+' or '-' or '@' or '\'', ..] || text.TrimStart() is ['=' or '+' or '-' or '@', ..] ? $"'{text}" : text;
        return harmless.AsSpan().IndexOfAny(",\"'") >= 0 ? $"\"{harmless.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : harmless;
    }
}
