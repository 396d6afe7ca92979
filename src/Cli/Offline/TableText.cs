using System.Text;
using ReidCloud.Datasets;

namespace ReidCloud.Cli.Offline;

/// <summary>Comma-separated values as RFC 4180 has them, in UTF-8, with Unix line ends.</summary>
internal static class TableText
{
    public static StreamWriter Open(Stream stream) => new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true) { NewLine = "\n" };

    /// <summary>In quotes where it needs them; an empty line is no record, so nothing is quoted, too.</summary>
    public static string Field(string text) =>
        text.Length > 0 ? CsvRecords.Field(text) : "\"\"";
}
