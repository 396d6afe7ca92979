using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using ReidCloud.Specs;

namespace ReidCloud.Runs;

/// <summary>
/// A lease on a blob that is renewed at a third of its time on a thread of its own, because the thread pool starves beside a training loop.
/// <see cref="Lost"/> fires as soon as the service refuses a renewal, or the time has run out by this machine's monotonic clock; counting begins before
/// the request is sent, so this side never believes longer than the service.
/// </summary>
internal sealed class BlobLease : IAsyncDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    private readonly BlobClient _blob;
    private readonly BlobLeaseClient _lease;
    private readonly TimeSpan _duration;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _lost = new();
    private readonly ManualResetEventSlim _stop = new();
    private readonly Thread _renewal;
    private long _heldSince;
    private bool _released;

    private BlobLease(BlobClient blob, BlobLeaseClient lease, TimeSpan duration, TimeProvider time, long heldSince)
    {
        (_blob, _lease, _duration, _time, _heldSince) = (blob, lease, duration, time, heldSince);
        Lost = _lost.Token;
        _renewal = new Thread(KeepRenewing) { IsBackground = true, Name = $"lease on {blob.Name}", Priority = ThreadPriority.AboveNormal };
        _renewal.Start();
    }

    public CancellationToken Lost { get; }

    /// <summary>Whether it is still ours, by the clock and by all that the service has said.</summary>
    public bool IsHeld => !_released && !Lost.IsCancellationRequested && _time.GetElapsedTime(Interlocked.Read(ref _heldSince)) < _duration;

    /// <summary>The lease, or null when somebody holds it or there is no such blob.</summary>
    public static async Task<BlobLease?> TryAcquireAsync(BlobClient blob, TimeSpan duration, TimeProvider time, CancellationToken cancellationToken)
    {
        var lease = blob.GetBlobLeaseClient();
        var asked = time.GetTimestamp();
        try
        {
            await lease.AcquireAsync(duration, cancellationToken: cancellationToken).ConfigureAwait(false);
            return new BlobLease(blob, lease, duration, time, asked);
        }
        catch (RequestFailedException exception) when (exception.Status is 404 or 409)
        {
            return null;
        }
    }

    /// <summary>Replaces the blob's content. False: the lease is lost and the blob unchanged.</summary>
    public async Task<bool> TryWriteAsync<T>(T value, CancellationToken cancellationToken)
    {
        if (!IsHeld)
        {
            return false;
        }

        var options = new BlobUploadOptions
        {
            Conditions = new BlobRequestConditions { LeaseId = _lease.LeaseId },
            HttpHeaders = new BlobHttpHeaders { ContentType = "application/json" },
        };
        try
        {
            await _blob.UploadAsync(BinaryData.FromBytes(ReidJson.Write(value)), options, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (RequestFailedException exception) when (IsRefusal(exception))
        {
            Lose();
            return false;
        }
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
        try
        {
            await ReleaseAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is RequestFailedException or AggregateException)
        {
            _released = true;
        }
    }

    private void KeepRenewing()
    {
        var tried = Interlocked.Read(ref _heldSince);
        var pause = _duration / 3;
        while (!_stop.Wait(Beat))
        {
            if (_time.GetElapsedTime(Interlocked.Read(ref _heldSince)) >= _duration)
            {
                Lose();
                return;
            }

            if (_time.GetElapsedTime(tried) >= pause)
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
        var left = _duration - _time.GetElapsedTime(Interlocked.Read(ref _heldSince));
        using var limit = new CancellationTokenSource(left > Beat ? left : Beat);
        try
        {
            _lease.Renew(cancellationToken: limit.Token);
            Interlocked.Exchange(ref _heldSince, asked);
            return true;
        }
        catch (RequestFailedException exception) when (IsRefusal(exception))
        {
            return null;
        }
        catch (Exception exception) when (exception is RequestFailedException or AggregateException or OperationCanceledException or IOException)
        {
            return false;
        }
    }

    private void StopRenewing()
    {
        if (!_stop.IsSet)
        {
            _stop.Set();
            _renewal.Join();
        }
    }

    private void Lose() => _ = _lost.CancelAsync();

    /// <summary>404: the blob is gone; 409 and 412: the lease is another's, or was broken or ran out.</summary>
    private static bool IsRefusal(RequestFailedException exception) => exception.Status is 404 or 409 or 412;
}
