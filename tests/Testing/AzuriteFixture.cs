using System.Diagnostics;
using System.Security.Cryptography;
using ReidCloud.Tests.Testing;

[assembly: AssemblyFixture(typeof(AzuriteFixture))]

namespace ReidCloud.Tests.Testing;

/// <summary>
/// One storage emulator for the whole test run, started by the first test that asks: in memory, on ports that the system picks. It ends when its
/// standard input does, so it cannot outlive the tests, however they end. Each caller gets a prefix of its own and sees nobody else's blobs.
/// </summary>
public sealed class AzuriteFixture : IAsyncDisposable
{
    private const string Listening = "successfully listening at ";

    /// <summary>Runs the emulator's main script inside a process that ends with its standard input.</summary>
    private const string Watch =
        "process.stdin.resume();process.stdin.on('end',()=>process.exit(0));process.argv.splice(1,0,'azurite');require(process.env.REIDCLOUD_AZURITE)";

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private readonly Lazy<Task<string>> _connection;
    private Process? _process;

    public AzuriteFixture() => _connection = new(StartAsync);

    /// <summary>The connection string. Starts the emulator if this is the first call.</summary>
    public Task<string> ConnectionAsync() => _connection.Value;

    /// <summary>Options of a system of its own: no blob, no message, no other test.</summary>
    public async Task<ReidCloudOptions> NewSystemAsync() => new()
    {
        StorageConnection = await ConnectionAsync(),
        StoragePrefix = $"t{RandomNumberGenerator.GetHexString(10, lowercase: true)}-",
        LeaseSeconds = 15,
    };

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            process.StandardInput.Close();
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
            try
            {
                await process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
            }

            process.Dispose();
        }
    }

    private async Task<string> StartAsync()
    {
        var start = new ProcessStartInfo("node")
        {
            ArgumentList =
            {
                "-e", Watch, "--", "--inMemoryPersistence", "--skipApiVersionCheck", "--disableTelemetry", "--silent",
                "--blobPort", "0", "--queuePort", "0", "--tablePort", "0",
            },
            Environment = { ["REIDCLOUD_AZURITE"] = await AzuritePackage.MainScriptAsync() },
            WorkingDirectory = Path.GetTempPath(),
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process = Process.Start(start)!;
        _ = _process.StandardError.BaseStream.CopyToAsync(Stream.Null);
        using var limit = new CancellationTokenSource(StartLimit);
        var blobs = await AddressAsync(_process.StandardOutput, "Blob service is", limit.Token);
        var queues = await AddressAsync(_process.StandardOutput, "Queue service is", limit.Token);
        _ = _process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);

        // The emulator's published account; it opens nothing else.
        const string Account = "devstoreaccount1";
        const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
        return $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};BlobEndpoint={blobs}/{Account};QueueEndpoint={queues}/{Account};";
    }

    private static async Task<string> AddressAsync(StreamReader output, string service, CancellationToken cancellationToken)
    {
        while (await output.ReadLineAsync(cancellationToken) is { } line)
        {
            var place = line.IndexOf(Listening, StringComparison.Ordinal);
            if (place >= 0 && line.Contains(service, StringComparison.Ordinal))
            {
                return line[(place + Listening.Length)..].Trim();
            }
        }

        throw new InvalidOperationException($"Azurite ended before it said where its {service.Split(' ')[0].ToLowerInvariant()} service is; try `node {await AzuritePackage.MainScriptAsync()}`");
    }
}
