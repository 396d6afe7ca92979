namespace ReidCloud.Runs;

/// <summary>The queue cannot be asked for nudges now: nobody's mistake, worth another try. Runs that are due stay so, and are found.</summary>
public sealed class QueueAwayException(string queue, Exception cause) : Exception($"the queue '{queue}' does not answer: {cause.Message}", cause);
