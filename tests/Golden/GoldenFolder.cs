namespace ReidCloud.Tests.Golden;

/// <summary>Where the golden files are: the folder that REIDCLOUD_GOLDEN names, or those that came with the tests.</summary>
public static class GoldenFolder
{
    public static string Own { get; } = Path.Combine(AppContext.BaseDirectory, "Golden", "Cases");

    public static string Current { get; } = Environment.GetEnvironmentVariable("REIDCLOUD_GOLDEN") is { Length: > 0 } named ? named : Own;

    public static IReadOnlyList<string> Cases()
    {
        if (!Directory.Exists(Current))
        {
            throw new DirectoryNotFoundException($"the golden folder '{Current}' does not exist; name another with --golden DIR or REIDCLOUD_GOLDEN");
        }

        string[] files = [.. Directory.EnumerateFiles(Current, "*.safetensors").Order(StringComparer.Ordinal)];
        return files.Length > 0 ? files : throw new FileNotFoundException($"the golden folder '{Current}' holds no *.safetensors file");
    }
}
