using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using ReidCloud.Specs;

namespace ReidCloud.Runs;

/// <summary>
/// A lease on a blob, renewed at a third of its time on a thread of its own, because the thread pool starves beside a training loop. It is in one of three
/// states, by this machine's monotonic clock; counting begins before a request is sent, so this side never believes longer than the service.
/// <list type="bullet">
/// <item>Held: <see cref="IsHeld"/>. Nobody else can write.</item>
/// <item>Run out without an answer, because the storage is away or this process was stopped: it is asked for again every second, and writes wait. The
/// service renews a lease that has run out as long as nobody has taken or written the blob since (Lease Blob, REST), so such an owner goes on
/// as if nothing had been.</item>
/// <item>Lost, for good: <see cref="Lost"/> fires as soon as the service refuses (somebody else has it, or had; it was broken; the blob is gone), or has not
/// answered for the owner's patience.</item>
/// </list>
/// A write refers to the version that the one before it made, so that a copy of an old one that arrives late is refused.
/// </summary>
internal sealed class BlobLease : IAsyncDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    /// <summary>An owner that goes waits so long for an answer; without one the lease runs out by itself.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(5);

    private readonly BlobClient _blob;
    private readonly BlobLeaseClient _lease;
    private readonly string _id;

    /// <summary>Begins the name of every write of this owner. Not the lease's id: whoever knows that can write.</summary>
    private readonly string _owner = $"{Guid.NewGuid():N}/";
    private readonly TimeSpan _duration;
    private readonly TimeSpan _patience;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread _renewal;
    private ETag _version;
    private long _heldSince;
    private volatile bool _doubted;
    private volatile bool _released;
    private volatile bool _unanswered;

    private BlobLease(BlobClient blob, BlobLeaseClient lease, ETag version, TimeSpan duration, TimeSpan patience, TimeProvider time, long heldSince)
    {
        (_blob, _lease, _id, _version, _duration, _time, _heldSince) = (blob, lease, lease.LeaseId, version, duration, time, heldSince);
        _patience = patience > duration ? patience : duration;
        Lost = _lost.Token;
        _renewal = new Thread(KeepRenewing) { IsBackground = true, Name = $"lease on {blob.Name}", Priority = ThreadPriority.AboveNormal };
        _renewal.Start();
    }

    public string Id => _lease.LeaseId;

    public CancellationToken Lost { get; }

    /// <summary>Whether it is ours at this moment, by the clock and by all that the service has said. One that ran out may be again.</summary>
    public bool IsHeld => !_released && !_doubted && !Lost.IsCancellationRequested && Unanswered < _duration;

    /// <summary>It was lost because the service did not answer, and not because it refused.</summary>
    public bool IsUnanswered { get => _unanswered; private set => _unanswered = value; }

    private TimeSpan Unanswered => _time.GetElapsedTime(Interlocked.Read(ref _heldSince));

    /// <summary>The lease, or null when somebody holds it or there is no such blob.</summary>
    /// <param name="patience">How long a storage that does not answer is waited for; at least the duration.</param>
    public static async Task<BlobLease?> TryAcquireAsync(
        BlobClient blob, TimeSpan duration, TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
    {
        var lease = blob.GetBlobLeaseClient();
        var asked = time.GetTimestamp();
        try
        {
            var taken = await lease.AcquireAsync(duration, cancellationToken: cancellationToken).ConfigureAwait(false);
            return new BlobLease(blob, lease, taken.Value.ETag, duration, patience, time, asked);
        }
        catch (RequestFailedException exception) when (exception.Status is 404 or 409)
        {
            return null;
        }
    }

    /// <summary>Replaces the blob's content; while the lease has run out, waits for it. False: the lease is lost and the blob unchanged.</summary>
    public async Task<bool> TryWriteAsync<T>(T value, CancellationToken cancellationToken)
    {
        var write = $"{_owner}{Guid.NewGuid():N}";
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(Lost, cancellationToken);
        try
        {
            while (await IsHeldSoonAsync(ended.Token).ConfigureAwait(false))
            {
                try
                {
                    var conditions = new BlobRequestConditions { LeaseId = _id, IfMatch = _version };
                    _version = await StoredJson.PutAsync(_blob, ReidJson.Write(value), conditions, write, ended.Token).ConfigureAwait(false);
                    return true;
                }
                catch (RequestFailedException exception) when (exception.ErrorCode == BlobErrorCode.ConditionNotMet)
                {
                    if (await StoredJson.LastWriteAsync(_blob, ended.Token).ConfigureAwait(false) is not { Write: { } last } there
                        || !last.StartsWith(_owner, StringComparison.Ordinal))
                    {
                        Lose();
                        continue;
                    }

                    // Ours, and its answer was lost: this one, or one before it that was called off.
                    _version = there.Version;
                    if (last == write)
                    {
                        return true;
                    }
                }
                catch (RequestFailedException exception) when (HasRunOut(exception))
                {
                    // The storage was away, and the write was there before the renewal. That one decides.
                    _doubted = true;
                }
                catch (RequestFailedException exception) when (IsRefusal(exception))
                {
                    Lose();
                }
            }
        }
        catch (OperationCanceledException) when (Lost.IsCancellationRequested)
        {
            // As if refused.
        }

        return false;
    }

    /// <summary>Lets go, so that another may have it at once. Harmless when it was lost.</summary>
    public async Task ReleaseAsync(CancellationToken cancellationToken)
    {
        StopRenewing();
        if (_released)
        {
            return;
        }

        _released = true;
        try
        {
            await _lease.ReleaseAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch (RequestFailedException exception) when (IsRefusal(exception))
        {
            // Not ours any more: what releasing is for.
        }
    }

    /// <summary>Lets go if that has not been done. Where the service cannot be reached the lease runs out by itself.</summary>
    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(Farewell);
        try
        {
            await ReleaseAsync(limit.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is RequestFailedException or OperationCanceledException)
        {
            _released = true;
        }
    }

    /// <summary>False: it will not be ours again.</summary>
    private async Task<bool> IsHeldSoonAsync(CancellationToken cancellationToken)
    {
        while (!IsHeld)
        {
            if (_released || Lost.IsCancellationRequested)
            {
                return false;
            }

            await Task.Delay(Beat, cancellationToken).ConfigureAwait(false);
        }

        return true;
    }

    private void KeepRenewing()
    {
        var tried = Interlocked.Read(ref _heldSince);
        var pause = _duration / 3;
        while (!_stop.Token.WaitHandle.WaitOne(Beat))
        {
            if (Unanswered >= _patience)
            {
                IsUnanswered = true;
                Lose();
                return;
            }

            if (_doubted || _time.GetElapsedTime(tried) >= pause)
            {
                tried = _time.GetTimestamp();
                if (TryRenew() is not { } renewed)
                {
                    Lose();
                    return;
                }

                pause = renewed ? _duration / 3 : PauseAfterFailure;
            }
        }
    }

    /// <summary>True: renewed. False: no answer, worth another try. Null: refused.</summary>
    private bool? TryRenew()
    {
        var asked = _time.GetTimestamp();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        limit.CancelAfter(_duration / 3);
        try
        {
            // Azurite 3.37 renews a lease that has run out whoever asks, and says whose it is.
            if (_lease.Renew(cancellationToken: limit.Token).Value.LeaseId != _id)
            {
                return null;
            }

            Interlocked.Exchange(ref _heldSince, asked);
            _doubted = false;
            return true;
        }
        catch (RequestFailedException exception) when (IsRefusal(exception))
        {
            return null;
        }
        catch (Exception)
        {
            // No refusal, whatever it is; and the process would die of it. What does not pass is ended by the patience.
            return false;
        }
    }

    private void StopRenewing()
    {
        if (!_stop.IsCancellationRequested)
        {
            _stop.Cancel();
            _renewal.Join();
        }
    }

    private void Lose() => _ = _lost.CancelAsync();

    /// <summary>The service calls it lost, Azurite absent.</summary>
    private static bool HasRunOut(RequestFailedException exception) =>
        exception.ErrorCode == BlobErrorCode.LeaseLost || exception.ErrorCode == BlobErrorCode.LeaseNotPresentWithBlobOperation;

    /// <summary>404: the blob is gone; 409 and 412: the lease is another's, or was broken or ran out.</summary>
    private static bool IsRefusal(RequestFailedException exception) => exception.Status is 404 or 409 or 412;
}
