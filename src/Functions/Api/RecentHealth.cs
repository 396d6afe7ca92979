using ReidCloud.Runs;

namespace ReidCloud.Functions.Api;

/// <summary>What the storage answered within the last second. Anyone may ask, as often as they like: the storage is asked once.</summary>
public sealed class RecentHealth(StorageAccess storage, TimeProvider time)
{
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private Task<IReadOnlyList<HealthCheck>>? _checks;
    private long _begun;

    public Task<IReadOnlyList<HealthCheck>> CheckAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_checks is null || (_checks.IsCompleted && time.GetElapsedTime(_begun) > Freshness))
            {
                // Others wait for the same answer: who asked first may go without ending it.
                (_begun, _checks) = (time.GetTimestamp(), StorageHealth.CheckAsync(storage, CancellationToken.None));
            }

            return _checks.WaitAsync(cancellationToken);
        }
    }
}
