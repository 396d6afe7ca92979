using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;

namespace ReidCloud.Specs;

/// <summary>
/// The JSON Schema (draft 2020-12) of a request, derived from the records and the options that read them. It says what <see cref="JsonFault"/> checks; the
/// rules between members are in <see cref="SpecRules"/>.
/// </summary>
public static class SpecSchema
{
    private static readonly JsonSchemaExporterOptions Export = new() { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Transform };

    public static JsonObject Create()
    {
        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = nameof(RunSpec),
        };
        foreach (var (name, value) in ReidJson.Options.GetJsonSchemaAsNode(typeof(RunSpec), Export).AsObject().ToArray())
        {
            schema[name] = value?.DeepClone();
        }

        RequireKinds(schema);
        Inline(schema, schema);
        return schema;
    }

    /// <summary>
    /// Puts what is referred to in the reference's place, so that the schema can stand inside another document. The exporter refers to where it wrote a type
    /// first, by paths from before choices were called `oneOf`; no part of a spec contains itself.
    /// </summary>
    private static void Inline(JsonNode? node, JsonObject root)
    {
        if (node is JsonArray items)
        {
            foreach (var item in items.ToArray())
            {
                Inline(item, root);
            }
        }
        else if (node is JsonObject members)
        {
            if (members.Remove("$ref", out var reference))
            {
                var there = reference!.GetValue<string>().Split('/').Skip(1).Aggregate((JsonNode)root, Step).AsObject();
                foreach (var (name, value) in there.Where(pair => !members.ContainsKey(pair.Key)).ToArray())
                {
                    members[name] = value?.DeepClone();
                }
            }

            foreach (var (_, member) in members.ToArray())
            {
                Inline(member, root);
            }
        }
    }

    private static JsonNode Step(JsonNode at, string name) =>
        at is JsonArray items ? items[int.Parse(name, CultureInfo.InvariantCulture)]! : (at[name] ?? at["oneOf"])!;

    /// <summary>The exporter adds the discriminators last, and requires them only where the choice is.</summary>
    private static void RequireKinds(JsonNode? node)
    {
        if (node is JsonArray items)
        {
            foreach (var item in items)
            {
                RequireKinds(item);
            }
        }
        else if (node is JsonObject members)
        {
            foreach (var (_, member) in members.ToArray())
            {
                RequireKinds(member);
            }

            if (members["properties"] is JsonObject properties && properties["kind"] is JsonObject kind && kind.ContainsKey("const"))
            {
                var required = members["required"] as JsonArray ?? [];
                members["required"] = new JsonArray(["kind", .. required.Select(name => name!.DeepClone())]);
            }
        }
    }

    private static JsonNode Transform(JsonSchemaExporterContext context, JsonNode exported)
    {
        var type = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;
        var schema = type.IsEnum ? OfEnum(type, type != context.TypeInfo.Type) : exported as JsonObject;
        if (schema is null)
        {
            return exported;
        }

        // The exporter knows no element that has a converter of its own.
        if (context.TypeInfo is { Kind: JsonTypeInfoKind.Enumerable, ElementType: { IsEnum: true } element } && !schema.ContainsKey("items"))
        {
            schema.Add("items", OfEnum(element, mayBeNull: false));
        }

        // One kind fits or none does: the exporter cannot know that kinds exclude each other.
        if (context.TypeInfo.PolymorphismOptions is not null && schema.Remove("anyOf", out var kinds))
        {
            schema.Add("oneOf", kinds);
        }

        if (type == typeof(CheckpointRef) && schema["properties"]?["run"] is JsonObject run)
        {
            run["pattern"] = $"^[0-9a-f]{{{CheckpointRef.RunDigits}}}$";
        }

        if (Description(context, type) is { } description)
        {
            schema.Remove("description");
            schema.Insert(0, "description", description);
        }

        return schema;
    }

    private static JsonObject OfEnum(Type type, bool mayBeNull) =>
        new() { ["enum"] = new JsonArray([.. NameConverterFactory.NamesOf(type).Select(name => JsonValue.Create(name)), .. mayBeNull ? [null] : Array.Empty<JsonNode?>()]) };

    private static string? Description(JsonSchemaExporterContext context, Type type)
    {
        var property = context.PropertyInfo;
        var member = property?.AttributeProvider as System.Reflection.PropertyInfo;
        return (member is null ? null : SpecComments.Of(member)) ?? (context.TypeInfo.Kind == JsonTypeInfoKind.Object || type.IsEnum ? SpecComments.Of(type) : null);
    }
}
