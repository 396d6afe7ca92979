using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Azure.Messaging.ServiceBus;

/// <summary>The BrokerProperties header of the HTTPS runtime API: JSON, times as RFC 1123 text, the time to live in seconds.</summary>
internal sealed record BrokerProperties
{
    public const string Header = "BrokerProperties";

    private static readonly JsonSerializerOptions Options = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public string? MessageId { get; init; }
    public string? CorrelationId { get; init; }
    public string? Label { get; init; }
    public double? TimeToLive { get; init; }
    public string? ScheduledEnqueueTimeUtc { get; init; }
    public string? EnqueuedTimeUtc { get; init; }
    public string? LockedUntilUtc { get; init; }
    public string? LockToken { get; init; }
    public int? DeliveryCount { get; init; }
    public long? SequenceNumber { get; init; }

    public static BrokerProperties Of(ServiceBusMessage message) => new()
    {
        MessageId = message.MessageId,
        CorrelationId = message.CorrelationId,
        Label = message.Subject,
        TimeToLive = message.TimeToLive == TimeSpan.MaxValue ? null : message.TimeToLive.TotalSeconds,
        ScheduledEnqueueTimeUtc = message.ScheduledEnqueueTime == default
            ? null
            : message.ScheduledEnqueueTime.UtcDateTime.ToString("R", CultureInfo.InvariantCulture),
    };

    public static BrokerProperties Parse(string json) => JsonSerializer.Deserialize<BrokerProperties>(json, Options) ?? new();

    public static DateTimeOffset Time(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : default;

    public override string ToString() => JsonSerializer.Serialize(this, Options);
}
