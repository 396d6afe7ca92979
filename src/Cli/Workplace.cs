namespace ReidCloud.Cli;

/// <summary>The checkout this command was built in, and the git-ignored folder .reid where everything of one machine is kept.</summary>
internal sealed class Workplace(string root)
{
    public string Root { get; } = root;

    /// <summary>The lock file that pins Azurite.</summary>
    public string AzuriteLock => Path.Combine(Root, "src", "Cli", "Azurite");

    /// <summary>The lock file that pins ONNX Runtime.</summary>
    public string OnnxRuntimeLock => Path.Combine(Root, "src", "GpuRunner", "Export", "Node");

    public string State => Path.Combine(Root, ".reid");
    public string Azurite => Path.Combine(State, "azurite");
    public string OnnxRuntime => Path.Combine(State, "onnxruntime");
    public string Logs => Path.Combine(State, "logs");
    public string Storage => Path.Combine(State, "storage");
    public string Cache => Path.Combine(State, "cache");

    /// <summary>Found upwards from the program, then from the current folder, so `dotnet run` and a published copy work too.</summary>
    public static Workplace Find() =>
        Above(AppContext.BaseDirectory) ?? Above(Directory.GetCurrentDirectory()) ??
        throw CommandException.Mistake(
            "this command needs a checkout of ReidCloud (a folder with ReidCloud.sln), and none is above it or above the current folder",
            "cd to the checkout and type ./reid there");

    private static Workplace? Above(string folder)
    {
        for (var here = new DirectoryInfo(folder); here is not null; here = here.Parent)
        {
            if (File.Exists(Path.Combine(here.FullName, "ReidCloud.sln")))
            {
                return new Workplace(here.FullName);
            }
        }

        return null;
    }
}
