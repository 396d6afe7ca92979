namespace ReidCloud.Runs;

/// <summary>The queue cannot be asked for nudges now: nobody's mistake, worth another try. Runs that are due stay so, and are found.</summary>
public sealed class QueueAwayException : Exception
{
    public QueueAwayException(string queue, Exception cause) : this($"the queue '{queue}' does not answer: {cause.Message}", cause, queue)
    {
    }

    private QueueAwayException(string message, Exception cause, string queue) : base(message, cause) => Queue = queue;

    public string Queue { get; }

    /// <summary>It answers, and has nothing to do with this process: an operator's to mend, and no run's to suffer from.</summary>
    internal static QueueAwayException Refusal(string queue, string role, Exception cause) => new(
        $"the queue '{queue}' refuses this process: {cause.Message.Split('\n')[0].TrimEnd()} Give its identity the role '{role}' on the queue, or the connection string a key that fits, and see that there is such a queue",
        cause,
        queue);
}
