using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Text.Unicode;

namespace ReidCloud.Specs;

/// <summary>
/// Turns the serializer's refusal into what a user can act on. The text is walked beside the contracts that the serializer obeys, so that every fault is
/// found at once, each with its path and what is allowed there.
/// </summary>
internal static partial class JsonFault
{
    /// <param name="exception">What the serializer said: used where the walk finds nothing.</param>
    public static SpecException Explain(Exception exception, ReadOnlySpan<byte> utf8, Type root, JsonSerializerOptions options)
    {
        if (!Utf8.IsValid(utf8))
        {
            return new SpecException("$", "is not text in UTF-8");
        }

        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(utf8.ToArray(), new JsonDocumentOptions { MaxDepth = options.MaxDepth });
        }
        catch (JsonException syntax)
        {
            return new SpecException("$", Syntax(syntax, utf8.Length));
        }

        using (document)
        {
            try
            {
                var faults = JsonContractWalk.Faults(document.RootElement, root, options);
                return faults.Count > 0 ? new SpecException(faults) : new SpecException(Path(exception), Plain(exception.Message));
            }
            catch (InvalidOperationException)
            {
                return new SpecException("$", "has text that is half a Unicode character (a lone \\uD800 to \\uDFFF)");
            }
        }
    }

    private static string Syntax(JsonException exception, int length)
    {
        if (length == 0)
        {
            return "is empty; a JSON object must stand here";
        }

        // Places are counted from 1, as editors do.
        var line = (exception.LineNumber ?? 0) + 1;
        var column = (exception.BytePositionInLine ?? 0) + 1;
        return string.Create(CultureInfo.InvariantCulture, $"is not JSON at line {line}, column {column}: {Plain(exception.Message)}");
    }

    private static string Path(Exception exception) => exception is JsonException { Path: { Length: > 0 } path } ? path : "$";

    /// <summary>The serializer appends path and position, which are told in their own way here.</summary>
    private static string Plain(string message) => Appendix().Replace(message, "").Trim();

    [GeneratedRegex(@"\s*(Path: .*|LineNumber: .*)$", RegexOptions.Singleline)]
    private static partial Regex Appendix();
}
