namespace ReidCloud.Tests.Testing;

/// <summary>A message of the in-test broker. Broker properties and custom headers are kept as they came.</summary>
public sealed class ServiceBusHttpMessage
{
    public required long SequenceNumber { get; init; }
    public required string MessageId { get; init; }
    public required byte[] Body { get; init; }
    public required string? ContentType { get; init; }
    public required IReadOnlyDictionary<string, object?> Broker { get; init; }
    public required IReadOnlyDictionary<string, string> Custom { get; init; }
    public required DateTimeOffset EnqueuedAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
    public int DeliveryCount { get; set; }
    public string? LockToken { get; set; }
    public DateTimeOffset LockedUntil { get; set; }
}

/// <summary>
/// One queue with Service Bus' peek-lock semantics: a taken message is invisible until its lock is released or runs out; delivered too often
/// it moves to the dead-letter queue; one whose time to live is over is gone. Duplicate detection is off. Time is the provider's.
/// </summary>
public sealed class ServiceBusHttpQueue(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly List<ServiceBusHttpMessage> _messages = [];
    private long _lastNumber;

    public TimeSpan LockDuration { get; set; } = TimeSpan.FromMinutes(1);

    public int MaxDeliveryCount { get; set; } = 10;

    /// <summary>Where messages go that were delivered too often; null on the dead-letter queue itself.</summary>
    public ServiceBusHttpQueue? DeadLetters { get; init; }

    /// <summary>All messages, locked and scheduled ones included.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                Sweep();
                return _messages.Count;
            }
        }
    }

    public void Add(
        string messageId, byte[] body, string? contentType, DateTimeOffset enqueueAt, TimeSpan? timeToLive,
        IReadOnlyDictionary<string, object?> broker, IReadOnlyDictionary<string, string> custom)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            var enqueuedAt = enqueueAt > now ? enqueueAt : now;
            _messages.Add(new ServiceBusHttpMessage
            {
                SequenceNumber = ++_lastNumber,
                MessageId = messageId,
                Body = body,
                ContentType = contentType,
                Broker = broker,
                Custom = custom,
                EnqueuedAt = enqueuedAt,
                ExpiresAt = timeToLive is { } life ? enqueuedAt + life : DateTimeOffset.MaxValue,
            });
        }
    }

    /// <summary>The first free message, locked under a new token.</summary>
    public ServiceBusHttpMessage? Lock()
    {
        lock (_gate)
        {
            var message = FirstFree();
            if (message is not null)
            {
                message.DeliveryCount++;
                message.LockToken = Guid.NewGuid().ToString();
                message.LockedUntil = time.GetUtcNow() + LockDuration;
            }

            return message;
        }
    }

    /// <summary>The first free message, removed.</summary>
    public ServiceBusHttpMessage? Remove()
    {
        lock (_gate)
        {
            var message = FirstFree();
            if (message is not null)
            {
                message.DeliveryCount++;
                _messages.Remove(message);
            }

            return message;
        }
    }

    public bool Complete(string name, string token)
    {
        lock (_gate)
        {
            return Held(name, token) is { } message && _messages.Remove(message);
        }
    }

    public bool Unlock(string name, string token)
    {
        lock (_gate)
        {
            if (Held(name, token) is not { } message)
            {
                return false;
            }

            Release(message);
            return true;
        }
    }

    public ServiceBusHttpMessage? Renew(string name, string token)
    {
        lock (_gate)
        {
            var message = Held(name, token);
            if (message is not null)
            {
                message.LockedUntil = time.GetUtcNow() + LockDuration;
            }

            return message;
        }
    }

    private ServiceBusHttpMessage? FirstFree()
    {
        Sweep();
        var now = time.GetUtcNow();
        return _messages.FirstOrDefault(message => message.LockToken is null && message.EnqueuedAt <= now);
    }

    /// <summary>The protocol names a message by its id or its number.</summary>
    private ServiceBusHttpMessage? Held(string name, string token)
    {
        Sweep();
        return _messages.FirstOrDefault(message =>
            message.LockToken == token && (message.MessageId == name || message.SequenceNumber.ToString() == name));
    }

    private void Sweep()
    {
        var now = time.GetUtcNow();
        foreach (var message in _messages.Where(message => message.LockToken is not null && message.LockedUntil <= now).ToList())
        {
            Release(message);
        }

        _messages.RemoveAll(message => message.LockToken is null && message.ExpiresAt <= now);
    }

    private void Release(ServiceBusHttpMessage message)
    {
        message.LockToken = null;
        if (message.DeliveryCount >= MaxDeliveryCount && DeadLetters is not null)
        {
            _messages.Remove(message);
            DeadLetters.Add(message.MessageId, message.Body, message.ContentType, default, null, message.Broker, message.Custom);
        }
    }
}
