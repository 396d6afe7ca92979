using Microsoft.Extensions.Hosting;
using ReidCloud.Runs;

namespace ReidCloud.Functions;

/// <summary>Makes the containers and the queue that are missing before the first request is served.</summary>
internal sealed class StorageStart(StorageAccess storage) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => storage.CreateAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
