using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ReidCloud.Specs;

/// <summary>Compares a JSON value with the contract of a type and tells every difference.</summary>
internal sealed class JsonContractWalk
{
    private const string Twice = "stands here twice; keep one";

    private readonly JsonSerializerOptions _options;
    private readonly List<SpecError> _faults = [];

    private JsonContractWalk(JsonSerializerOptions options) => _options = options;

    public static IReadOnlyList<SpecError> Faults(JsonElement root, Type type, JsonSerializerOptions options)
    {
        var walk = new JsonContractWalk(options);
        walk.Value(root, type, "$");
        return walk._faults;
    }

    /// <summary>More would help nobody, and each has a text of its own.</summary>
    private bool IsEnough => _faults.Count >= SpecException.MostErrors;

    private void Value(JsonElement value, Type type, string path)
    {
        if (IsEnough)
        {
            return;
        }

        if (value.ValueKind == JsonValueKind.Null)
        {
            if (Nullable.GetUnderlyingType(type) is null)
            {
                Fault(path, $"must be {JsonTypeWords.Of(type, _options)}, was null");
            }

            return;
        }

        var contract = _options.GetTypeInfo(Nullable.GetUnderlyingType(type) ?? type);
        switch (contract.Kind)
        {
            case JsonTypeInfoKind.Object:
                Object(value, contract, path);
                break;
            case JsonTypeInfoKind.Enumerable when value.ValueKind == JsonValueKind.Array:
                foreach (var (i, item) in value.EnumerateArray().Index())
                {
                    Value(item, contract.ElementType!, $"{path}[{i}]");
                }

                break;
            case JsonTypeInfoKind.Dictionary when value.ValueKind == JsonValueKind.Object:
                foreach (var member in value.EnumerateObject())
                {
                    Value(member.Value, contract.ElementType!, JsonTypeWords.Join(path, member.Name));
                }

                break;
            case JsonTypeInfoKind.None:
                Scalar(value, contract, path);
                break;
            default:
                Fault(path, $"must be {JsonTypeWords.Of(type, _options)}, was {JsonTypeWords.Of(value)}");
                break;
        }
    }

    private void Scalar(JsonElement value, JsonTypeInfo contract, string path)
    {
        try
        {
            value.Deserialize(contract);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or NotSupportedException)
        {
            Fault(path, $"must be {JsonTypeWords.Of(contract.Type, _options)}, was {JsonTypeWords.Of(value)}");
        }
    }

    private void Object(JsonElement value, JsonTypeInfo contract, string path)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            Fault(path, $"must be an object, was {JsonTypeWords.Of(value)}");
        }
        else if (contract.PolymorphismOptions is not { } kinds)
        {
            Members(value, contract, null, path);
        }
        else if (Chosen(value, kinds, path) is { } chosen)
        {
            Members(value, _options.GetTypeInfo(chosen), kinds.TypeDiscriminatorPropertyName, path);
        }
    }

    /// <summary>The type that the discriminator names. Without a good one nothing can be said about the other members.</summary>
    private Type? Chosen(JsonElement value, JsonPolymorphismOptions kinds, string path)
    {
        var name = kinds.TypeDiscriminatorPropertyName;
        var known = string.Join(", ", kinds.DerivedTypes.Select(derived => derived.TypeDiscriminator));
        if (value.EnumerateObject().Count(member => member.Name == name) > 1)
        {
            Fault($"{path}.{name}", Twice);
            return null;
        }

        if (!value.TryGetProperty(name, out var kind))
        {
            Fault($"{path}.{name}", $"is missing; must be one of: {known}");
            return null;
        }

        var text = kind.ValueKind == JsonValueKind.String ? kind.GetString() : null;
        var derived = kinds.DerivedTypes.FirstOrDefault(candidate => text is not null && candidate.TypeDiscriminator as string == text);
        if (derived.DerivedType is null)
        {
            Fault($"{path}.{name}", $"must be one of: {known}; was {JsonTypeWords.Of(kind)}");
        }

        return derived.DerivedType;
    }

    private void Members(JsonElement value, JsonTypeInfo contract, string? discriminator, string path)
    {
        var properties = contract.Properties;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in value.EnumerateObject())
        {
            if (IsEnough)
            {
                return;
            }

            var place = JsonTypeWords.Join(path, member.Name);
            if (!seen.Add(member.Name))
            {
                Fault(place, Twice);
            }
            else if (properties.FirstOrDefault(property => property.Name == member.Name) is { } property)
            {
                Member(member.Value, property, place);
            }
            else if (member.Name != discriminator)
            {
                string[] allowed = [.. discriminator is null ? [] : (string[])[discriminator], .. properties.Select(known => known.Name)];
                Fault(place, JsonTypeWords.Unknown(member.Name, allowed));
            }
        }

        foreach (var property in properties.Where(property => IsRequired(property) && !seen.Contains(property.Name)))
        {
            Fault(JsonTypeWords.Join(path, property.Name), $"is missing; must be {JsonTypeWords.Of(property.PropertyType, _options)}");
        }
    }

    private void Member(JsonElement value, JsonPropertyInfo property, string path)
    {
        if (value.ValueKind == JsonValueKind.Null && !AllowsNull(property))
        {
            var remedy = IsRequired(property) ? "" : "; leave it out for its default";
            Fault(path, $"must be {JsonTypeWords.Of(property.PropertyType, _options)}, was null{remedy}");
        }
        else if (value.ValueKind != JsonValueKind.Null)
        {
            Value(value, property.PropertyType, path);
        }
    }

    private static bool IsRequired(JsonPropertyInfo property) =>
        property.IsRequired || property.AssociatedParameter is { HasDefaultValue: false, IsMemberInitializer: false };

    private static bool AllowsNull(JsonPropertyInfo property) =>
        property.AssociatedParameter?.IsNullable ?? (property.PropertyType.IsValueType ? Nullable.GetUnderlyingType(property.PropertyType) is not null : property.IsSetNullable);

    private void Fault(string path, string message) => _faults.Add(new SpecError(path, message));
}
