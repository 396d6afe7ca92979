using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace ReidCloud.Cli.Local;

/// <summary>The three programs of a local system on one page, in the order they start: storage, the HTTP API, one runner.</summary>
internal static class LocalServices
{
    public const string Azurite = "azurite";
    public const string Functions = "functions";
    public const string Runner = "runner";

    private const string FunctionsProgram = "ReidCloud.Functions.dll";
    private const string RunnerProgram = "ReidCloud.GpuRunner.dll";
    private const string OpenMpSpinning = "GOMP_SPINCOUNT";

    /// <summary>Set by a person who wants another storage than the emulator's.</summary>
    private static readonly string[] OwnStorage = [Option(nameof(ReidCloudOptions.StorageConnection)), Option(nameof(ReidCloudOptions.StorageAccount))];

    public static IReadOnlyList<ServicePlan> Plan(Workplace place, LocalPorts ports)
    {
        var own = OwnStorage.Any(name => Environment.GetEnvironmentVariable(name) is { Length: > 0 });
        var where = new Dictionary<string, string>();
        if (!own)
        {
            where[Option(nameof(ReidCloudOptions.StorageConnection))] = ports.StorageConnection;
        }

        IReadOnlyList<ServicePlan> rest = [FunctionsOf(ports, where), RunnerOf(place, where)];
        return own ? rest : [AzuriteOf(place, ports), .. rest];
    }

    private static ServicePlan AzuriteOf(Workplace place, LocalPorts ports) =>
        new(Azurite, "Azurite (storage)", "node",
        [
            NodeInstallation.Azurite(place).Program,
            "--location", place.Storage,
            "--skipApiVersionCheck", "--disableTelemetry", "--silent",
            "--blobPort", Text(ports.Blobs), "--queuePort", Text(ports.Queues), "--tablePort", Text(ports.Tables),
        ])
        {
            Ports = [(ports.Blobs, "--storage-port"), (ports.Queues, "--storage-port"), (ports.Tables, "--storage-port")],
            IsReady = async cancellationToken =>
                await AnswersAsync(ports.Blobs, cancellationToken) && await AnswersAsync(ports.Queues, cancellationToken),
        };

    private static ServicePlan FunctionsOf(LocalPorts ports, IReadOnlyDictionary<string, string> where) =>
        new(Functions, "Functions (HTTP API)", DotnetHost(), [Beside(FunctionsProgram), "--port", Text(ports.Functions)])
        {
            Environment = where,
            Ports = [(ports.Functions, "--port")],
            IsReady = async cancellationToken =>
            {
                using var client = new Api.ReidClient(ports.Url);
                return await client.IsHealthyAsync(cancellationToken);
            },
        };

    /// <summary>It listens nowhere: being alive a moment after its start is all one can see from outside.</summary>
    private static ServicePlan RunnerOf(Workplace place, IReadOnlyDictionary<string, string> where)
    {
        var environment = where.ToDictionary();
        environment.TryAdd(Option(nameof(ReidCloudOptions.CacheFolder)), place.Cache);
        environment.TryAdd(Option(nameof(ReidCloudOptions.OnnxRuntimeFolder)), place.OnnxRuntime);
        if (Environment.GetEnvironmentVariable(OpenMpSpinning) is null)
        {
            // It shares the machine with the storage, the API and whoever watches: threads that spin long for each other starve them and themselves.
            environment.Add(OpenMpSpinning, "20000");
        }

        return new ServicePlan(Runner, "Runner", DotnetHost(), [Beside(RunnerProgram), "serve"])
        {
            Environment = environment,
            IsReady = async cancellationToken =>
            {
                await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
                return true;
            },
        };
    }

    private static string Option(string name) => $"{ReidCloudOptions.Section}__{name}";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Project references put the programs beside this one.</summary>
    private static string Beside(string program) => Path.Combine(AppContext.BaseDirectory, program);

    /// <summary>The dotnet that runs this very process, also when it was started by its own executable.</summary>
    private static string DotnetHost()
    {
        var name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        var beside = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", name));
        return File.Exists(beside) ? beside : name;
    }

    private static async Task<bool> AnswersAsync(int port, CancellationToken cancellationToken)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", port, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
