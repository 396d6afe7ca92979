namespace Azure.Messaging.ServiceBus;

/// <summary>What the service refused or could not do. <see cref="IsTransient"/>: the same call may succeed later.</summary>
public class ServiceBusException : Exception
{
    public ServiceBusException()
    {
    }

    public ServiceBusException(
        bool isTransient,
        string message,
        string? entityName = null,
        ServiceBusFailureReason reason = ServiceBusFailureReason.GeneralError,
        Exception? innerException = null) : base(message, innerException)
    {
        IsTransient = isTransient;
        EntityPath = entityName;
        Reason = reason;
    }

    public ServiceBusException(string message, ServiceBusFailureReason reason, string? entityPath = null, Exception? innerException = null)
        : this(TransientReasons.Contains(reason), message, entityPath, reason, innerException)
    {
    }

    public string? EntityPath { get; }

    public bool IsTransient { get; }

    public ServiceBusFailureReason Reason { get; }

    public override string Message =>
        EntityPath is null ? $"{base.Message} ({Reason})" : $"{base.Message} (Entity: '{EntityPath}', {Reason})";

    private static readonly HashSet<ServiceBusFailureReason> TransientReasons =
    [
        ServiceBusFailureReason.ServiceCommunicationProblem,
        ServiceBusFailureReason.ServiceTimeout,
        ServiceBusFailureReason.ServiceBusy,
    ];
}
