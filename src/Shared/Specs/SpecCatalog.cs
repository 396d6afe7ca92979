using System.Text.Json.Nodes;
using ReidCloud.Datasets;

namespace ReidCloud.Specs;

/// <summary>What may be asked for, by name: everything that the serializer and the registries know, and nothing else.</summary>
public sealed record SpecCatalog(
    IReadOnlyList<string> Kinds,
    IReadOnlyList<string> Methods,
    IReadOnlyList<string> Losses,
    IReadOnlyList<string> Optimizers,
    IReadOnlyList<string> Schedules,
    IReadOnlyList<string> Backbones,
    IReadOnlyList<string> ViewSelections,
    IReadOnlyList<string> RetrievalSettings,
    IReadOnlyList<string> DistanceMetrics,
    IReadOnlyList<string> Layouts,
    IReadOnlyList<string> Presets,
    JsonNode Schema)
{
    public static SpecCatalog Current { get; } = new(
        SpecKinds.Of<RunSpec>(),
        SpecKinds.Of<MethodSpec>(),
        SpecKinds.Of<LossSpec>(),
        SpecKinds.Of<OptimizerSpec>(),
        SpecKinds.Of<ScheduleSpec>(),
        NameConverterFactory.NamesOf(typeof(BackboneName)),
        NameConverterFactory.NamesOf(typeof(ViewSelection)),
        NameConverterFactory.NamesOf(typeof(RetrievalSetting)),
        NameConverterFactory.NamesOf(typeof(DistanceMetric)),
        LayoutRegistry.Names,
        [.. Specs.Presets.All.Select(preset => preset.Name)],
        SpecSchema.Create());
}
