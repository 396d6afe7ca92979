using System.Security.Cryptography;
using ReidCloud.Tests.Testing;

[assembly: AssemblyFixture(typeof(AzuriteFixture))]

namespace ReidCloud.Tests.Testing;

/// <summary>
/// One storage emulator for the whole test run, started by the first test that asks. Each caller gets a prefix of its own and sees nobody else's blobs.
/// </summary>
public sealed class AzuriteFixture : IAsyncDisposable
{
    private readonly Lazy<Task<AzuriteProcess>> _azurite = new(AzuriteProcess.StartAsync);

    /// <summary>The connection string. Starts the emulator if this is the first call.</summary>
    public async Task<string> ConnectionAsync() => (await _azurite.Value).Connection;

    /// <summary>Options of a system of its own: no blob, no message, no other test.</summary>
    public async Task<ReidCloudOptions> NewSystemAsync() => new()
    {
        StorageConnection = await ConnectionAsync(),
        StoragePrefix = $"t{RandomNumberGenerator.GetHexString(10, lowercase: true)}-",
        LeaseSeconds = 15,
    };

    public async ValueTask DisposeAsync()
    {
        if (_azurite is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            await (await _azurite.Value).DisposeAsync();
        }
    }
}
