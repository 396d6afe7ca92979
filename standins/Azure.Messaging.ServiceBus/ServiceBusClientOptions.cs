namespace Azure.Messaging.ServiceBus;

public class ServiceBusClientOptions
{
    /// <summary>The real package's choice. The stand-in speaks HTTPS, whichever is asked for.</summary>
    public ServiceBusTransportType TransportType { get; set; } = ServiceBusTransportType.AmqpTcp;

    public ServiceBusRetryOptions RetryOptions { get; set; } = new();
}

public enum ServiceBusTransportType
{
    AmqpTcp = 0,
    AmqpWebSockets = 1,
}
