using System.Diagnostics;
using ReidCloud.Runs;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Benchmarks.Load;

/// <summary>Azurite and the Functions app, each a process of its own as `./reid up` starts them, with one tiny data set that is ready.</summary>
internal sealed class LoadSystem : IAsyncDisposable
{
    private const string Said = "The API is at ";
    private readonly Process _api;

    private LoadSystem(AzuriteProcess azurite, Process api, Uri address) => (Azurite, _api, Address) = (azurite, api, address);

    public AzuriteProcess Azurite { get; }

    /// <summary>Where the API listens.</summary>
    public Uri Address { get; }

    public TimeSpan ApiProcessorTime
    {
        get
        {
            _api.Refresh();
            return _api.TotalProcessorTime;
        }
    }

    /// <summary>The API's resident memory in bytes.</summary>
    public long ApiMemory
    {
        get
        {
            _api.Refresh();
            return _api.WorkingSet64;
        }
    }

    public static async Task<LoadSystem> StartAsync()
    {
        var azurite = await AzuriteProcess.StartAsync();
        try
        {
            var storage = new StorageAccess(Options(azurite));
            await storage.CreateAsync(CancellationToken.None);
            await TinyDataset.CommitAsync(storage, TinyDataset.Zip());
            var start = new ProcessStartInfo("dotnet")
            {
                ArgumentList = { Path.Combine(AppContext.BaseDirectory, "ReidCloud.Functions.dll"), "--port", "0" },
                Environment = { [$"{ReidCloudOptions.Section}__{nameof(ReidCloudOptions.StorageConnection)}"] = azurite.Connection },
                WorkingDirectory = AppContext.BaseDirectory,
                RedirectStandardOutput = true,
            };
            var api = Process.Start(start)!;
            while (await api.StandardOutput.ReadLineAsync() is { } line)
            {
                if (line.StartsWith(Said, StringComparison.Ordinal))
                {
                    _ = EchoAsync(api.StandardOutput);
                    return new LoadSystem(azurite, api, new Uri(line[Said.Length..].Split(' ')[0]));
                }
            }

            throw new InvalidOperationException($"the Functions app ended before it listened, with {api.ExitCode}");
        }
        catch
        {
            await azurite.DisposeAsync();
            throw;
        }
    }

    /// <summary>A way to the storage as a runner has it.</summary>
    public StorageAccess NewStorage() => new(Options(Azurite), new ReidCloudOptions().StoragePatience);

    public async ValueTask DisposeAsync()
    {
        _api.Kill();
        await _api.WaitForExitAsync();
        _api.Dispose();
        await Azurite.DisposeAsync();
    }

    private static ReidCloudOptions Options(AzuriteProcess azurite) => new() { StorageConnection = azurite.Connection };

    private static async Task EchoAsync(StreamReader output)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            Console.WriteLine($"  api: {line[..Math.Min(line.Length, 300)]}");
        }
    }
}
