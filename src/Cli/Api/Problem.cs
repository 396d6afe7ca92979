using System.Text;
using System.Text.Json;
using ReidCloud.Specs;

namespace ReidCloud.Cli.Api;

/// <summary>
/// What the HTTP API answers when it refuses (RFC 9457, problem+json): a title, a sentence, and for a bad request each wrong place with its
/// path. Read leniently, because proxies and the Functions host have dialects of their own.
/// </summary>
internal sealed record Problem(int Status, string Title, string? Detail, IReadOnlyList<SpecError> Errors)
{
    private const int LongestPath = 40;

    public static Problem Of(SpecException exception) => new(400, "the request is wrong", null, exception.Errors);

    /// <summary>Never fails: a body that is no problem document becomes the detail.</summary>
    public static Problem Parse(int status, string? reason, string body)
    {
        var title = string.IsNullOrEmpty(reason) ? $"HTTP {status}" : $"{reason} (HTTP {status})";
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object
                ? new Problem(status, Text(root, "title") is { } given ? $"{given} (HTTP {status})" : title, Text(root, "detail"), ErrorsOf(root))
                : new Problem(status, title, body, []);
        }
        catch (JsonException)
        {
            return new Problem(status, title, body.Trim() is { Length: > 0 } text ? text : null, []);
        }
    }

    /// <summary>The title, the detail, and the errors in two columns.</summary>
    public string Render()
    {
        var text = new StringBuilder(Title);
        if (Detail is not null && Errors.Count == 0)
        {
            text.AppendLine().Append("  ").Append(Detail);
        }

        var width = Math.Min(LongestPath, Errors.Select(error => error.Path.Length).DefaultIfEmpty().Max());
        foreach (var error in Errors)
        {
            text.AppendLine().Append("  ").Append(error.Path.PadRight(width)).Append("  ").Append(error.Message);
        }

        return text.ToString();
    }

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>Ours are objects with path and message; ASP.NET's are lists of messages by path.</summary>
    private static IReadOnlyList<SpecError> ErrorsOf(JsonElement root) =>
        !root.TryGetProperty("errors", out var errors) ? [] : errors.ValueKind switch
        {
            JsonValueKind.Array =>
                [.. from error in errors.EnumerateArray()
                    where error.ValueKind == JsonValueKind.Object
                    select new SpecError(Text(error, "path") ?? "$", Text(error, "message") ?? error.GetRawText())],
            JsonValueKind.Object =>
                [.. from member in errors.EnumerateObject()
                    where member.Value.ValueKind == JsonValueKind.Array
                    from message in member.Value.EnumerateArray()
                    select new SpecError(member.Name, message.ToString())],
            _ => [],
        };
}
