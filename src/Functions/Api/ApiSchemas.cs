using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using ReidCloud.Runs;
using ReidCloud.Specs;

namespace ReidCloud.Functions.Api;

/// <summary>
/// JSON schemas of the types that the API speaks, derived from the types and the options that read them. Each record of ours stands once
/// under /components/schemas and is referred to from everywhere else.
/// </summary>
internal sealed class ApiSchemas
{
    private readonly JsonObject _components = [];
    private readonly Queue<Type> _wanted = new();
    private readonly HashSet<Type> _known = [];

    /// <summary>A reference to the type's schema, or the schema itself for what is not a record of ours.</summary>
    public JsonNode Of(Type type)
    {
        if (!IsComponent(type))
        {
            return Export(type);
        }

        if (_known.Add(type))
        {
            _wanted.Enqueue(type);
        }

        return new JsonObject { ["$ref"] = $"#/components/schemas/{NameOf(type)}" };
    }

    /// <summary>All schemas that were asked for, and those they refer to, in order of names.</summary>
    public JsonObject Components()
    {
        while (_wanted.TryDequeue(out var type))
        {
            _components[NameOf(type)] = Export(type);
        }

        return new JsonObject(_components.OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone())));
    }

    private JsonNode Export(Type type) => type == typeof(RunSpec)
        ? Spec()
        : ReidJson.Options.GetJsonSchemaAsNode(type, new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Transform });

    /// <summary>The one schema that has descriptions and rules of its own. The document says which draft its schemas are of.</summary>
    private static JsonObject Spec()
    {
        var schema = SpecSchema.Create();
        schema.Remove("$schema");
        return schema;
    }

    private JsonNode Transform(JsonSchemaExporterContext context, JsonNode schema)
    {
        var type = Nullable.GetUnderlyingType(context.TypeInfo.Type);
        var nullable = type is not null;
        type ??= context.TypeInfo.Type;
        if (type.IsEnum)
        {
            var names = new JsonArray([.. NameConverterFactory.NamesOf(type).Select(name => JsonValue.Create(name))]);
            if (nullable)
            {
                names.Add(null);
            }

            return new JsonObject { ["enum"] = names };
        }

        if (type == typeof(RunId))
        {
            return new JsonObject { ["type"] = "string", ["pattern"] = "^[0-9a-f]{20}$" };
        }

        var nested = !context.Path.IsEmpty && context.BaseTypeInfo is null && IsComponent(type);
        return nested ? AllowsNull(schema) ? new JsonObject { ["anyOf"] = new JsonArray(Of(type), new JsonObject { ["type"] = "null" }) } : Of(type) : schema;
    }

    private static bool AllowsNull(JsonNode schema) =>
        schema is JsonObject members && members["type"] is JsonArray types && types.Any(type => type?.GetValue<string>() == "null");

    private static bool IsComponent(Type type) =>
        type is { IsEnum: false, IsPrimitive: false } && type != typeof(RunId)
        && type.Namespace?.StartsWith(nameof(ReidCloud), StringComparison.Ordinal) == true;

    private static string NameOf(Type type) => type.IsGenericType
        ? $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}Of{string.Concat(type.GenericTypeArguments.Select(NameOf))}"
        : type.Name;
}
