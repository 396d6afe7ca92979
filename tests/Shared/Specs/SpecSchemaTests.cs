using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Shared.Specs;

public sealed class SpecSchemaTests
{
    private static readonly JsonSerializerOptions ForEyes = new(ReidJson.Indented) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public void Is_approved() => Approved.Matches("spec.schema", SpecSchema.Create().ToJsonString(ForEyes));

    [Fact]
    public void Knows_every_kind_and_closes_every_object()
    {
        var schema = SpecSchema.Create();
        var objects = Nodes(schema).OfType<JsonObject>().Where(node => node["properties"] is JsonObject).ToList();

        Assert.Equal(
            SpecKinds.Of<RunSpec>().Concat(SpecKinds.Of<MethodSpec>()).Concat(SpecKinds.Of<LossSpec>()).Concat(SpecKinds.Of<OptimizerSpec>())
                .Concat(SpecKinds.Of<ScheduleSpec>()).Order(),
            objects.Select(node => node["properties"]!["kind"]?["const"]?.GetValue<string>()).OfType<string>().Distinct().Order());
        Assert.All(objects, node => Assert.False(node["additionalProperties"]!.GetValue<bool>()));
        Assert.All(objects.Where(node => node["properties"]!["kind"] is not null), node => Assert.Contains("kind", Required(node)));
    }

    [Fact]
    public void Says_what_is_required_and_what_may_stand_there()
    {
        var train = SpecSchema.Create()["oneOf"]![0]!;

        Assert.Equal(["dataset", "kind", "method", "model"], Required(train).Order());
        Assert.Equal(
            ["resnet18", "resnet34", "resnet50", "resnet101", "resnet50bam", "resnet101bam", "densenet121", "mobilenet", "resnet50-ibn-a", "resnet101-ibn-a", "osnet-x1-0", "osnet-x0-75", "osnet-x0-5", "osnet-x0-25"],
            Strings(train["properties"]!["model"]!["properties"]!["backbone"]!["enum"]!));
        Assert.StartsWith("A backbone", train["properties"]!["model"]!["description"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public void Refers_to_nothing_outside_itself() => Assert.DoesNotContain("$ref", SpecSchema.Create().ToJsonString(), StringComparison.Ordinal);

    [Fact]
    public void Is_part_of_the_catalog()
    {
        Assert.True(JsonNode.DeepEquals(SpecSchema.Create(), SpecCatalog.Current.Schema));
        Assert.Equal(Presets.All.Select(preset => preset.Name), SpecCatalog.Current.Presets);
        Assert.Equal(["supervised", "view-distillation", "mutual-learning", "variational-distillation"], SpecCatalog.Current.Methods);
        Assert.Contains("mars", SpecCatalog.Current.Layouts);
    }

    private static IEnumerable<string> Required(JsonNode node) => node["required"] is { } required ? Strings(required) : [];

    private static IEnumerable<string> Strings(JsonNode array) => array.AsArray().Select(item => item!.GetValue<string>());

    private static IEnumerable<JsonNode> Nodes(JsonNode node) => node switch
    {
        JsonObject members => [node, .. members.Where(member => member.Value is not null).SelectMany(member => Nodes(member.Value!))],
        JsonArray items => [node, .. items.Where(item => item is not null).SelectMany(item => Nodes(item!))],
        _ => [node],
    };
}
