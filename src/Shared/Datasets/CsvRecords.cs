using System.Text;

namespace ReidCloud.Datasets;

/// <summary>A record and the line it begins in, counted from 1.</summary>
public sealed record CsvRecord(int Line, IReadOnlyList<string> Fields);

/// <summary>The records of a table by RFC 4180: commas, quotes where a field needs them and doubled inside, any line end. Empty lines are skipped.</summary>
public static class CsvRecords
{
    private const int MostFields = 64;

    /// <summary>A field as it is written: in quotes where it needs them.</summary>
    public static string Field(string text) =>
        text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <exception cref="DatasetException">A quote is where none may be.</exception>
    public static IEnumerable<CsvRecord> Read(string text, string file, int mostFields = MostFields)
    {
        var (at, line) = (0, 1);
        var field = new StringBuilder();
        while (at < text.Length)
        {
            var fields = new List<string>();
            var begin = line;
            while (true)
            {
                field.Clear();
                if (at < text.Length && text[at] == '"')
                {
                    at = Quoted(text, at + 1, field, ref line, file, begin);
                }
                else
                {
                    var end = text.AsSpan(at).IndexOfAny(',', '\r', '\n');
                    end = end < 0 ? text.Length : at + end;
                    var plain = text.AsSpan(at, end - at);
                    if (plain.Contains('"'))
                    {
                        throw Fault(file, line, "a quote inside a field that does not begin with one: quote the field and double the quotes in it");
                    }

                    field.Append(plain);
                    at = end;
                }

                fields.Add(field.ToString());
                if (fields.Count > mostFields)
                {
                    throw Fault(file, line, $"more than {mostFields} fields");
                }

                if (at >= text.Length || text[at] != ',')
                {
                    break;
                }

                at++;
            }

            if (at < text.Length)
            {
                at += text[at] == '\r' && at + 1 < text.Length && text[at + 1] == '\n' ? 2 : 1;
                line++;
            }

            if (fields is not [""])
            {
                yield return new CsvRecord(begin, fields);
            }
        }
    }

    private static int Quoted(string text, int at, StringBuilder field, ref int line, string file, int begin)
    {
        while (true)
        {
            var quote = text.IndexOf('"', at);
            if (quote < 0)
            {
                throw Fault(file, begin, "a quoted field does not end: add the closing quote");
            }

            var piece = text.AsSpan(at, quote - at);
            line += piece.Count('\n');
            field.Append(piece);
            at = quote + 1;
            if (at < text.Length && text[at] == '"')
            {
                field.Append('"');
                at++;
                continue;
            }

            return at >= text.Length || text[at] is ',' or '\r' or '\n'
                ? at
                : throw Fault(file, line, "text behind a closing quote: double the quotes inside the field");
        }
    }

    private static DatasetException Fault(string file, int line, string what) =>
        new(new Finding(FindingSeverity.Error, "csv-syntax", $"{file} is not a table by RFC 4180", 1, [$"line {line}: {what}"]));
}
