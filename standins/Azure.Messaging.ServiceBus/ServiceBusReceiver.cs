using System.Net;

namespace Azure.Messaging.ServiceBus;

/// <summary>Takes messages off one queue, one at a time, and settles them.</summary>
public class ServiceBusReceiver : IAsyncDisposable
{
    /// <summary>The service holds a request for a minute at most; shorter ones also survive idle proxies.</summary>
    private static readonly TimeSpan LongestRequest = TimeSpan.FromSeconds(50);

    private readonly HttpConnection _connection;
    private readonly string _path;
    private bool _closed;

    internal ServiceBusReceiver(HttpConnection connection, string queue, ServiceBusReceiverOptions options)
    {
        if (options.PrefetchCount != 0)
        {
            throw Unsupported("prefetch");
        }

        _connection = connection;
        EntityPath = EntityAddress.PathOf(queue, options.SubQueue);
        _path = EntityAddress.Of(EntityPath);
        ReceiveMode = options.ReceiveMode;
    }

    public virtual string EntityPath { get; }

    public virtual ServiceBusReceiveMode ReceiveMode { get; }

    public virtual int PrefetchCount => 0;

    public virtual bool IsClosed => _closed || _connection.IsClosed;

    /// <summary>The next message, or null when none came in time. The service counts in whole seconds; a part of one is rounded up.</summary>
    public virtual async Task<ServiceBusReceivedMessage?> ReceiveMessageAsync(
        TimeSpan? maxWaitTime = null, CancellationToken cancellationToken = default)
    {
        if (maxWaitTime is { } wait)
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(wait, TimeSpan.Zero, nameof(maxWaitTime));
        }

        ObjectDisposedException.ThrowIf(IsClosed, this);
        var remaining = maxWaitTime ?? _connection.DefaultWait;
        while (remaining > TimeSpan.Zero)
        {
            var slice = TimeSpan.FromSeconds(Math.Ceiling(Math.Min(remaining.TotalSeconds, LongestRequest.TotalSeconds)));
            if (await TakeAsync(slice, cancellationToken).ConfigureAwait(false) is { } message)
            {
                return message;
            }

            remaining -= slice;
        }

        return null;
    }

    public virtual Task CompleteMessageAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default) =>
        SettleAsync(HttpMethod.Delete, message, cancellationToken);

    public virtual Task AbandonMessageAsync(
        ServiceBusReceivedMessage message,
        IDictionary<string, object>? propertiesToModify = null,
        CancellationToken cancellationToken = default) => propertiesToModify is null or { Count: 0 }
            ? SettleAsync(HttpMethod.Put, message, cancellationToken)
            : throw Unsupported("changing a message's properties");

    /// <summary>On return <see cref="ServiceBusReceivedMessage.LockedUntil"/> tells the new end, where the service names it.</summary>
    public virtual async Task RenewMessageLockAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default)
    {
        var broker = await SettleAsync(HttpMethod.Post, message, cancellationToken).ConfigureAwait(false);
        if (broker?.LockedUntilUtc is { } until)
        {
            message.LockedUntil = BrokerProperties.Time(until);
        }
    }

    public virtual Task DeadLetterMessageAsync(
        ServiceBusReceivedMessage message,
        IDictionary<string, object>? propertiesToModify = null,
        CancellationToken cancellationToken = default) => throw Unsupported("dead-lettering");

    public virtual Task DeadLetterMessageAsync(
        ServiceBusReceivedMessage message,
        string deadLetterReason,
        string? deadLetterErrorDescription = null,
        CancellationToken cancellationToken = default) => throw Unsupported("dead-lettering");

    public virtual Task CloseAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _closed = true;
        return Task.CompletedTask;
    }

    public virtual async ValueTask DisposeAsync()
    {
        await CloseAsync(CancellationToken.None).ConfigureAwait(false);
        GC.SuppressFinalize(this);
    }

    private async Task<ServiceBusReceivedMessage?> TakeAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        var method = ReceiveMode == ServiceBusReceiveMode.PeekLock ? HttpMethod.Post : HttpMethod.Delete;
        var address = new Uri($"{_path}/messages/head?timeout={wait.TotalSeconds:F0}", UriKind.Relative);
        using var response = await _connection
            .SendAsync(EntityPath, () => new HttpRequestMessage(method, address), wait, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.NoContent)
        {
            return null;
        }

        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        return new ServiceBusReceivedMessage(
            BinaryData.FromBytes(body),
            response.Content.Headers.ContentType?.ToString(),
            BrokerOf(response) ?? new BrokerProperties(),
            ApplicationProperties.Read(response.Headers));
    }

    /// <summary>Completes, unlocks or renews: the service names a message by its number and the lock it is held under.</summary>
    private async Task<BrokerProperties?> SettleAsync(
        HttpMethod method, ServiceBusReceivedMessage message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        ObjectDisposedException.ThrowIf(IsClosed, this);
        if (ReceiveMode != ServiceBusReceiveMode.PeekLock)
        {
            throw new InvalidOperationException("The operation is only supported in 'PeekLock' receive mode.");
        }

        var address = new Uri($"{_path}/messages/{message.SequenceNumber}/{message.LockToken}", UriKind.Relative);
        try
        {
            using var response = await _connection
                .SendAsync(EntityPath, () => new HttpRequestMessage(method, address), TimeSpan.Zero, cancellationToken).ConfigureAwait(false);
            return BrokerOf(response);
        }
        catch (ServiceBusException exception) when (exception.Reason == ServiceBusFailureReason.MessagingEntityNotFound
            && !exception.Message.Contains("messaging entity", StringComparison.OrdinalIgnoreCase))
        {
            // 404 and 410 mean a lost lock as well as a missing queue; only the text of the latter names the messaging entity.
            throw new ServiceBusException(
                "The lock supplied is invalid. Either the lock expired, or the message has already been removed from the queue",
                ServiceBusFailureReason.MessageLockLost,
                EntityPath,
                exception);
        }
    }

    private static BrokerProperties? BrokerOf(HttpResponseMessage response) =>
        response.Headers.TryGetValues(BrokerProperties.Header, out var values) ? BrokerProperties.Parse(string.Join(", ", values)) : null;

    private static NotSupportedException Unsupported(string what) => new(
        $"The stand-in for Azure.Messaging.ServiceBus speaks HTTPS, which has no {what}. The package Azure.Messaging.ServiceBus has.");
}
