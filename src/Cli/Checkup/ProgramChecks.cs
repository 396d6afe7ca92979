using ReidCloud.Cli.Api;
using ReidCloud.Cli.Local;

namespace ReidCloud.Cli.Checkup;

/// <summary>Node, Azurite, ports, and the system when it runs.</summary>
internal static class ProgramChecks
{
    private const string Prepare = "`./reid prepare` installs it";

    public static async Task<Check> NodeAsync(CancellationToken cancellationToken) =>
        await ProgramOutput.OfAsync("node", "--version", Path.GetTempPath(), cancellationToken) is { } version
            ? new Check("node", Verdict.Ok, version)
            : new Check("node", Verdict.Fault, "missing, and Azurite needs it", Prepare);

    public static Check Azurite(Workplace place) =>
        NodeInstallation.Azurite(place).IsCurrent
            ? new Check("Azurite", Verdict.Ok, $"as its lock file pins it, in {place.Azurite}")
            : new Check("Azurite", Verdict.Fault, "not installed, or not as its lock file pins it", Prepare);

    /// <summary>Only exports need it.</summary>
    public static Check OnnxRuntime(Workplace place) =>
        NodeInstallation.OnnxRuntime(place).IsCurrent
            ? new Check("ONNX Runtime", Verdict.Ok, $"as its lock file pins it, in {place.OnnxRuntime}")
            : new Check("ONNX Runtime", Verdict.Ok, "not installed; the first `./reid export` does that");

    public static Check Ports(Workplace place, LocalPorts ports)
    {
        var ours = new RunningServices(place).Alive().Any();
        var taken = new[] { ports.Functions, ports.Blobs, ports.Queues, ports.Tables }.Where(LocalPorts.IsTaken).ToList();
        var all = $"{ports.Functions} (HTTP API), {ports.Blobs}, {ports.Queues}, {ports.Tables} (storage)";
        return taken.Count == 0
            ? new Check("ports", Verdict.Ok, $"{all} are free")
            : ours
                ? new Check("ports", Verdict.Ok, $"{string.Join(", ", taken)} are in use by this checkout's own system")
                : new Check(
                    "ports",
                    Verdict.Fault,
                    $"{string.Join(", ", taken)} {(taken.Count == 1 ? "is" : "are")} in use by another program",
                    LocalPorts.Taken(taken[0], "", "--port or --storage-port").Remedy);
    }

    /// <summary>Not running is no fault; running and ill is.</summary>
    public static async Task<Check> SystemAsync(LocalPorts ports, CancellationToken cancellationToken)
    {
        const string name = "local system";
        if (!LocalPorts.IsTaken(ports.Functions))
        {
            return new Check(name, Verdict.Ok, "not running; `./reid up` starts it");
        }

        using var client = new ReidClient(ports.Url);
        return await client.IsHealthyAsync(cancellationToken)
            ? new Check(name, Verdict.Ok, $"answers at {ports.Url}api, and reaches its storage")
            : new Check(name, Verdict.Fault, $"{ports.Url}api/health does not say that all is well", $"see what it says: curl {ports.Url}api/health; its log is .reid/logs/functions.log");
    }
}
