namespace ReidCloud.Tests.Testing;

/// <summary>Which requests meet which fault, until it is disposed of or was met as often as it may be.</summary>
public sealed class StorageRule : IDisposable
{
    private readonly Func<StorageRequest, bool> _which;
    private readonly int _times;
    private readonly CancellationTokenSource _ended = new();
    private readonly TaskCompletionSource<StorageRequest> _met = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count;

    internal StorageRule(StorageFault fault, Func<StorageRequest, bool> which, int times, Action<StorageRequest>? before, Action<StorageRequest>? after)
    {
        (Fault, _which, _times, Before, After) = (fault, which, times, before, after);
        Ended = _ended.Token;
    }

    /// <summary>The first request that met it.</summary>
    public Task<StorageRequest> Met => _met.Task;

    /// <summary>How many requests met it.</summary>
    public int Count => Math.Min(Volatile.Read(ref _count), _times);

    internal StorageFault Fault { get; }

    internal Action<StorageRequest>? Before { get; }

    internal Action<StorageRequest>? After { get; }

    internal CancellationToken Ended { get; }

    public void Dispose() => _ended.Cancel();

    internal bool Takes(StorageRequest request)
    {
        if (_ended.IsCancellationRequested || !_which(request) || Interlocked.Increment(ref _count) > _times)
        {
            return false;
        }

        _met.TrySetResult(request);
        return true;
    }
}
