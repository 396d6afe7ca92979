using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ReidCloud.Specs;

/// <summary>Two strictnesses that the serializer lacks.</summary>
internal static class JsonStrictness
{
    public static void Apply(JsonTypeInfo contract)
    {
        if (contract.Kind != JsonTypeInfoKind.Object)
        {
            return;
        }

        for (var i = contract.Properties.Count - 1; i >= 0; i--)
        {
            var property = contract.Properties[i];
            if (property.Set is null && property.AssociatedParameter is null)
            {
                // What is computed from other members is neither written nor, silently ignored, read.
                contract.Properties.RemoveAt(i);
            }
            else if (property is { Set: { } set, AssociatedParameter: null, IsSetNullable: false, PropertyType.IsValueType: false })
            {
                // The serializer forgets RespectNullableAnnotations for init-only members of types that are made by a constructor with parameters.
                property.Set = (target, value) => set(target, value ?? throw new JsonException($"'{property.Name}' must not be null"));
            }
        }
    }
}
