using System.ComponentModel;
using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json.Serialization;
using ReidCloud.Cli.Checkup;
using TorchSharp;

namespace ReidCloud.Benchmarks;

/// <summary>What figures were taken on, as far as it can move them. Never the machine's name.</summary>
/// <param name="Packages">Which mode: nuget or standins.</param>
/// <param name="Peers">What the Python peers are, or that there are none.</param>
internal sealed record Machine(string Processor, string Memory, string Gpu, string OperatingSystem, string Dotnet, string Libtorch, string Packages, string Blas, string Peers)
{
    private const string Release = "/etc/os-release";

    public static Machine Here()
    {
        using (var side = torch.ones(64, 64))
        {
            // So that the library is loaded and can be named.
            side.mm(side).Dispose();
        }

        return new Machine(
            MachineChecks.Processor().Found,
            MachineChecks.Memory().Found,
            Said("nvidia-smi", "--query-gpu=name,driver_version", "--format=csv,noheader") is { Length: > 0 } gpus ? gpus.ReplaceLineEndings("; ") : "none",
            File.Exists(Release) ? NameIn(File.ReadLines(Release)) : RuntimeInformation.OSDescription,
            RuntimeInformation.FrameworkDescription,
            torch.__version__,
            typeof(torch).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Any(entry => entry.Key == "ReidCloud.Standin") ? "standins" : "nuget",
            TorchChecks.Library(),
            Said(PythonPeer.Interpreter, "-c", PythonPeer.VersionsScript) ?? "no Python");
    }

    /// <summary>In the order of a page.</summary>
    [JsonIgnore]
    public IReadOnlyList<(string Name, string Value)> Facts =>
    [
        ("processor", Processor),
        ("memory", Memory),
        ("GPU", Gpu),
        ("system", OperatingSystem),
        (".NET", Dotnet),
        ("libtorch", $"{Libtorch} ({Packages})"),
        ("BLAS", Blas),
        ("peers", Peers),
    ];

    /// <summary>In one line.</summary>
    [JsonIgnore]
    public string Summary => string.Join("; ", Facts.Select(fact => $"{fact.Name}: {fact.Value}"));

    private static string NameIn(IEnumerable<string> release) =>
        release.FirstOrDefault(line => line.StartsWith("PRETTY_NAME=", StringComparison.Ordinal))?.Split('=', 2)[1].Trim('"') ?? RuntimeInformation.OSDescription;

    private static string? Said(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var errors = process.StandardError.ReadToEndAsync();
            var text = process.StandardOutput.ReadToEnd().Trim();
            errors.Wait();
            process.WaitForExit();
            return process.ExitCode == 0 ? text : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
