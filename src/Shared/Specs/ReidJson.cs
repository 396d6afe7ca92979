using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace ReidCloud.Specs;

/// <summary>
/// The one JSON dialect of the system: camelCase, strict. Unknown names, doubled names, nulls where none may be and missing members are refused
/// with their path and, for a name, the names allowed there.
/// </summary>
public static class ReidJson
{
    private const int MaxDepth = 32;

    /// <summary>For everything that is read or written: requests, blobs, events, reports.</summary>
    public static JsonSerializerOptions Options { get; } = Create(indented: false);

    /// <summary>The same, for eyes.</summary>
    public static JsonSerializerOptions Indented { get; } = Create(indented: true);

    /// <summary>The one byte form of a spec: <see cref="Runs.RunId"/> is its hash. All members are written, defaults included.</summary>
    public static byte[] Canonical(RunSpec spec) => JsonSerializer.SerializeToUtf8Bytes(spec, Options);

    public static byte[] Write<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, Options);

    /// <exception cref="SpecException">What is wrong, with its path.</exception>
    public static T Read<T>(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(utf8, Options)
                ?? throw new SpecException("$", $"must be an object, was null");
        }
        catch (JsonException exception)
        {
            throw JsonFault.Explain(exception, typeof(T), Options);
        }
    }

    private static JsonSerializerOptions Create(bool indented)
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
            AllowOutOfOrderMetadataProperties = true,
            AllowDuplicateProperties = false,
            PropertyNameCaseInsensitive = false,
            NumberHandling = JsonNumberHandling.Strict,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            MaxDepth = MaxDepth,
            WriteIndented = indented,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
            Converters = { new NameConverterFactory() },
        };
        options.MakeReadOnly();
        return options;
    }
}
