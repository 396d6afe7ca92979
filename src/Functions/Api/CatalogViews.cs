using ReidCloud.Runs;
using ReidCloud.Specs;

namespace ReidCloud.Functions.Api;

/// <summary>A named complete spec.</summary>
public sealed record PresetView(string Name, string Summary, RunSpec Spec);

public sealed record PresetList(IReadOnlyList<PresetView> Presets);

/// <summary>What this version can do: the names that specs may use, and the schema of a spec.</summary>
public sealed record Catalog(
    string Version,
    IReadOnlyList<string> Kinds,
    IReadOnlyList<string> Methods,
    IReadOnlyList<string> Losses,
    IReadOnlyList<string> Backbones,
    IReadOnlyList<string> Layouts,
    IReadOnlyList<string> Presets);

/// <summary>Whether the API can do its work: each thing it needs, and what is wrong with it.</summary>
public sealed record Health(string Version, bool Healthy, IReadOnlyList<HealthCheck> Checks);
