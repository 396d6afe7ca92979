using ReidCloud.Specs;

namespace ReidCloud.Functions.Api;

/// <summary>All presets.</summary>
public sealed record PresetList(IReadOnlyList<Preset> Presets);
