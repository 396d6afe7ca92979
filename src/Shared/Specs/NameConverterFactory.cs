using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ReidCloud.Specs;

/// <summary>Enums are kebab-case names, or the name that <see cref="JsonStringEnumMemberNameAttribute"/> gives; nothing else is read.</summary>
public sealed class NameConverterFactory : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) => typeToConvert.IsEnum;

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(NameConverter<>).MakeGenericType(typeToConvert))!;

    /// <summary>The names of an enum's values in order of declaration.</summary>
    public static IReadOnlyList<string> NamesOf(Type type) =>
        [.. type.GetFields(BindingFlags.Public | BindingFlags.Static).Select(field =>
            field.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name ?? JsonNamingPolicy.KebabCaseLower.ConvertName(field.Name))];

    /// <summary>A value's name as it stands in JSON, logs and tables.</summary>
    public static string NameOf<T>(T value)
        where T : struct, Enum => NameConverter<T>.ByValue[value];

    private sealed class NameConverter<T> : JsonConverter<T>
        where T : struct, Enum
    {
        private static readonly Dictionary<string, T> ByName =
            NamesOf(typeof(T)).Zip(Enum.GetValues<T>()).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);

        internal static readonly Dictionary<T, string> ByValue = ByName.ToDictionary(pair => pair.Value, pair => pair.Key);

        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType != JsonTokenType.String)
            {
                throw new JsonException($"must be one of: {string.Join(", ", ByName.Keys)}");
            }

            var name = reader.GetString()!;
            return ByName.TryGetValue(name, out var value)
                ? value
                : throw new JsonException($"'{name}' is not one of: {string.Join(", ", ByName.Keys)}");
        }

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(ByValue[value]);

        public override T ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            ByName[reader.GetString()!];

        public override void WriteAsPropertyName(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
            writer.WritePropertyName(ByValue[value]);
    }
}
