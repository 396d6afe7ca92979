namespace ReidCloud.Specs;

/// <summary>Every preset: the published recipes of VKD, of AlignedReID, of the bag of tricks, of camera-based batch normalization and of MVD, and those that are small enough for two cores.</summary>
public static class Presets
{
    public static IReadOnlyList<Preset> All { get; } = [.. VkdPresets.All, .. AlignedPresets.All, .. StrongBaselinePresets.All, .. CameraBatchNormPresets.All, .. MvdPresets.All, .. DemoPresets.All];

    /// <exception cref="SpecException">There is none of that name.</exception>
    public static Preset Named(string name) => All.FirstOrDefault(preset => preset.Name == name)
        ?? throw new SpecException("$.preset", JsonTypeWords.Unknown(name, [.. All.Select(preset => preset.Name)]));
}
