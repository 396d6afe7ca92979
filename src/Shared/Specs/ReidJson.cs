using System.Text.Json;
using System.Text.Json.Nodes;
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

    /// <summary>
    /// The one byte form of a spec: <see cref="Runs.RunId"/> is its hash. All members are written, defaults included, in order of their names, so that it
    /// depends neither on the order of a request's members nor on that of declarations.
    /// </summary>
    public static byte[] Canonical(RunSpec spec) => Write(Sorted(JsonSerializer.SerializeToNode(spec, Options)));

    public static byte[] Write<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, Options);

    /// <exception cref="SpecException">What is wrong, with its path.</exception>
    public static T Read<T>(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(utf8, Options)
                ?? throw new SpecException("$", $"must be an object, was null");
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException)
        {
            throw JsonFault.Explain(exception, utf8, typeof(T), Options);
        }
    }

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject members => new JsonObject(members.OrderBy(member => member.Key, StringComparer.Ordinal)
            .Select(member => KeyValuePair.Create(member.Key, Sorted(member.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Sorted)]),
        _ => node?.DeepClone(),
    };

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
            TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { JsonStrictness.Apply } },
            Converters = { new NameConverterFactory() },
        };
        options.MakeReadOnly();
        return options;
    }
}
