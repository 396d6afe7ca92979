namespace ReidCloud.Datasets;

/// <summary>A stored manifest that does not hold together: where in it, and what. Commit the data set again to write a new one.</summary>
public sealed class ManifestFormatException(string path, string problem, Exception? inner = null)
    : Exception($"manifest {path}: {problem}. Commit the data set again.", inner)
{
    public string Path { get; } = path;
}
