using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using ReidCloud.Datasets;

namespace ReidCloud.Specs;

/// <summary>Types and values of JSON in words for people.</summary>
internal static partial class JsonTypeWords
{
    private const int LongestQuote = 60;

    /// <summary>What must stand where this type is asked for: "a whole number", "one of: chunk, temporal".</summary>
    public static string Of(Type type, JsonSerializerOptions options)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type switch
        {
            { IsEnum: true } => $"one of: {string.Join(", ", NameConverterFactory.NamesOf(type))}",
            _ when type == typeof(bool) => "true or false",
            _ when type == typeof(string) => "text",
            _ when type == typeof(int) => $"a whole number from {int.MinValue} to {int.MaxValue}",
            _ when type == typeof(long) => "a whole number of 64 bits",
            _ when type == typeof(double) => "a number",
            _ when type == typeof(TimeSpan) => "a span of time such as 12:30:00 or 2.00:00:00",
            _ when type == typeof(DateTimeOffset) => "a time such as 2026-01-31T12:00:00Z",
            _ => options.GetTypeInfo(type).Kind switch
            {
                JsonTypeInfoKind.Enumerable => "a list",
                JsonTypeInfoKind.Object or JsonTypeInfoKind.Dictionary => "an object",
                _ => $"a {type.Name}",
            },
        };
    }

    /// <summary>A value as it stands there, cut short.</summary>
    public static string Of(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => $"'{Short(value.GetString()!)}'",
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        _ => Short(value.GetRawText()),
    };

    public static string Join(string path, string member) => Plain().IsMatch(member) ? $"{path}.{member}" : $"{path}['{Short(member)}']";

    /// <summary>A name that nothing has: what may stand there, and which one was probably meant.</summary>
    public static string Unknown(string name, IReadOnlyList<string> allowed)
    {
        var near = name.Length > LongestQuote ? null : allowed.Select(known => (known, far: Distance(name.ToLowerInvariant(), known.ToLowerInvariant())))
            .Where(candidate => candidate.far <= 2 && candidate.far < candidate.known.Length).OrderBy(candidate => candidate.far).FirstOrDefault().known;
        var hint = near is null ? "" : $"did you mean '{near}'? ";
        return allowed.Count == 0 ? "is unknown here; nothing may stand here" : $"is unknown here; {hint}allowed: {string.Join(", ", allowed)}";
    }

    private static string Short(string text) => ForeignText.Shown(text, LongestQuote);

    /// <summary>How many letters must be added, left out or changed to make one of the other.</summary>
    private static int Distance(string a, string b)
    {
        if (Math.Abs(a.Length - b.Length) > 2)
        {
            return int.MaxValue;
        }

        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(change, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]{0,59}\z")]
    private static partial Regex Plain();
}
