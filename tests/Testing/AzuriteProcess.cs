using System.Diagnostics;

namespace ReidCloud.Tests.Testing;

/// <summary>
/// A storage emulator in memory, on ports that the system picks. It ends when its standard input does, so it cannot outlive whoever started it,
/// however that ends.
/// </summary>
internal sealed class AzuriteProcess : IAsyncDisposable
{
    private const string Listening = "successfully listening at ";

    /// <summary>
    /// Runs the emulator's main script inside a process that ends with its standard input. Every ten minutes the emulator looks for bytes that no blob has any
    /// more, and with the blobs of all tests it then answers nobody for more than 15 seconds. Here it never looks: what the tests write has room.
    /// </summary>
    private const string Watch = """
        process.stdin.resume();
        process.stdin.on('end', () => process.exit(0));
        process.argv.splice(1, 0, 'azurite');
        const main = process.env.REIDCLOUD_AZURITE;
        for (const service of ['blob', 'queue'])
            require(require('path').join(main, '..', service, 'utils', 'constants')).DEFAULT_GC_INTERVAL_MS = 0x7fffffff;
        require(main);
        """;

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private readonly Process _process;

    private AzuriteProcess(Process process) => _process = process;

    /// <summary>Opens the emulator's published account; it opens nothing else.</summary>
    public string Connection { get; private set; } = "";

    /// <summary>What it has computed so far.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Listening on return.</summary>
    public static async Task<AzuriteProcess> StartAsync()
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
        var azurite = new AzuriteProcess(Process.Start(start)!);
        try
        {
            await azurite.ConnectAsync();
            return azurite;
        }
        catch
        {
            await azurite.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private async Task ConnectAsync()
    {
        _ = _process.StandardError.BaseStream.CopyToAsync(Stream.Null);
        using var limit = new CancellationTokenSource(StartLimit);
        var blobs = await AddressAsync(_process.StandardOutput, "Blob service is", limit.Token);
        var queues = await AddressAsync(_process.StandardOutput, "Queue service is", limit.Token);
        _ = _process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);

        const string Account = "devstoreaccount1";
        const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
        Connection = $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};BlobEndpoint={blobs}/{Account};QueueEndpoint={queues}/{Account};";
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
