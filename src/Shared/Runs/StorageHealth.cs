using Azure;
using Azure.Identity;

namespace ReidCloud.Runs;

/// <summary>One thing that is needed, and what is wrong with it; null when nothing is.</summary>
public sealed record HealthCheck(string Name, string? Problem = null);

/// <summary>Asks the storage whether it is there. Never throws for an outage, nor for a broken identity: that is the answer.</summary>
public static class StorageHealth
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static async Task<IReadOnlyList<HealthCheck>> CheckAsync(StorageAccess storage, CancellationToken cancellationToken) =>
        await Task.WhenAll(
            CheckAsync("storage", async token => await storage.Runs.ExistsAsync(token).ConfigureAwait(false), cancellationToken),
            CheckAsync("queue", async token => await storage.Queue.ExistsAsync(token).ConfigureAwait(false) && await storage.HighQueue.ExistsAsync(token).ConfigureAwait(false), cancellationToken)).ConfigureAwait(false);

    internal static async Task<HealthCheck> CheckAsync(string name, Func<CancellationToken, Task<bool>> exists, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            return new HealthCheck(name, await exists(limit.Token).ConfigureAwait(false) ? null : "it does not exist");
        }
        catch (Exception exception) when (exception is RequestFailedException or AggregateException or OperationCanceledException
            && !cancellationToken.IsCancellationRequested)
        {
            return new HealthCheck(name, "it does not answer");
        }
        catch (AuthenticationFailedException)
        {
            return new HealthCheck(name, "no identity of this machine could be proved to it");
        }
    }
}
