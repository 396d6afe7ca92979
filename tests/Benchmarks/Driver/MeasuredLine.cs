using System.Text.Json;
using System.Text.Json.Serialization;

namespace ReidCloud.Benchmarks;

/// <summary>What a measuring process writes to its standard output, one JSON object a line: figures as they are taken, and at the end what they were taken on.</summary>
internal sealed record MeasuredLine(Figure? Figure = null, Machine? Machine = null)
{
    private static readonly JsonSerializerOptions Dialect = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    public string ToJson() => JsonSerializer.Serialize(this, Dialect);

    /// <summary>Null for a line that is something else: libraries also write there.</summary>
    public static MeasuredLine? Of(string line)
    {
        if (!line.StartsWith('{'))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<MeasuredLine>(line, Dialect) is { } read && (read.Figure is not null || read.Machine is not null) ? read : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
