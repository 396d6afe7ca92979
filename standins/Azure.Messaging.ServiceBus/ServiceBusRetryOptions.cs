namespace Azure.Messaging.ServiceBus;

/// <summary>How often, how soon and how patiently a call is tried again when the service is busy or out of reach.</summary>
public class ServiceBusRetryOptions
{
    public ServiceBusRetryMode Mode { get; set; } = ServiceBusRetryMode.Exponential;

    public int MaxRetries { get; set; } = 3;

    public TimeSpan Delay { get; set; } = TimeSpan.FromSeconds(0.8);

    public TimeSpan MaxDelay { get; set; } = TimeSpan.FromMinutes(1);

    public TimeSpan TryTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The pause after the given number of failed tries (1, 2, …); the service's own wish wins when it is longer.</summary>
    internal TimeSpan PauseAfter(int tries, TimeSpan? wished)
    {
        var factor = Mode == ServiceBusRetryMode.Fixed ? 1 : Math.Pow(2, tries - 1);
        var pause = TimeSpan.FromSeconds(Math.Min(Delay.TotalSeconds * factor, MaxDelay.TotalSeconds));
        return wished > pause ? TimeSpan.FromSeconds(Math.Min(wished.Value.TotalSeconds, MaxDelay.TotalSeconds)) : pause;
    }
}

public enum ServiceBusRetryMode
{
    Fixed = 0,
    Exponential = 1,
}
