using ReidCloud.Cli;
using ReidCloud.Cli.Local;

namespace ReidCloud.Tests.Testing;

/// <summary>ONNX Runtime as `reid export` installs it, in .reid/onnxruntime: once, so that `dotnet test` alone is enough.</summary>
internal static class OnnxRuntimePackage
{
    private static readonly Workplace Place = new(RepositoryRoot.Path);

    private static readonly Lazy<Task> Installed = new(
        () => NodeInstallation.OnnxRuntime(Place).EnsureAsync(new Terminal(TextWriter.Null, TextWriter.Null), CancellationToken.None));

    /// <summary>Where it is, or will be.</summary>
    public static string Path => Place.OnnxRuntime;

    /// <summary>Where it is.</summary>
    public static string Folder()
    {
        Installed.Value.GetAwaiter().GetResult();
        return Path;
    }
}
