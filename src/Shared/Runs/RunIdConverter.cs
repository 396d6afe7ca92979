using System.Text.Json;
using System.Text.Json.Serialization;

namespace ReidCloud.Runs;

internal sealed class RunIdConverter : JsonConverter<RunId>
{
    public override RunId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        RunId.TryParse(reader.GetString(), out var id)
            ? id
            : throw new JsonException("must be a run id: twenty lowercase hexadecimal digits");

    public override void Write(Utf8JsonWriter writer, RunId value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
