namespace Azure.Messaging.ServiceBus;

/// <summary>A message as the broker delivered it, with the lock under which it is held.</summary>
public class ServiceBusReceivedMessage
{
    internal ServiceBusReceivedMessage(
        BinaryData body, string? contentType, BrokerProperties broker, IReadOnlyDictionary<string, object> applicationProperties)
    {
        Body = body;
        ContentType = contentType;
        ApplicationProperties = applicationProperties;
        MessageId = broker.MessageId ?? "";
        CorrelationId = broker.CorrelationId;
        Subject = broker.Label;
        TimeToLive = broker.TimeToLive is { } seconds && seconds < TimeSpan.MaxValue.TotalSeconds
            ? TimeSpan.FromSeconds(seconds)
            : TimeSpan.MaxValue;
        LockToken = broker.LockToken ?? Guid.Empty.ToString();
        LockedUntil = BrokerProperties.Time(broker.LockedUntilUtc);
        EnqueuedTime = BrokerProperties.Time(broker.EnqueuedTimeUtc);
        ScheduledEnqueueTime = BrokerProperties.Time(broker.ScheduledEnqueueTimeUtc);
        DeliveryCount = broker.DeliveryCount ?? 0;
        SequenceNumber = broker.SequenceNumber ?? 0;
    }

    public BinaryData Body { get; }

    public string MessageId { get; }

    public string? CorrelationId { get; }

    public string? Subject { get; }

    public string? ContentType { get; }

    public TimeSpan TimeToLive { get; }

    public string LockToken { get; }

    public DateTimeOffset LockedUntil { get; internal set; }

    public DateTimeOffset EnqueuedTime { get; }

    public DateTimeOffset ScheduledEnqueueTime { get; }

    /// <summary>How often the message has been delivered, this time included.</summary>
    public int DeliveryCount { get; }

    public long SequenceNumber { get; }

    public IReadOnlyDictionary<string, object> ApplicationProperties { get; }
}
