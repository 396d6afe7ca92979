using System.Diagnostics.Tracing;

namespace ReidCloud.Benchmarks.Load;

/// <summary>Counts the HTTP requests that this process sends.</summary>
internal sealed class RequestCount : EventListener
{
    private long _sent;

    public long Sent => Interlocked.Read(ref _sent);

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == "System.Net.Http")
        {
            EnableEvents(eventSource, EventLevel.Informational);
        }
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventName == "RequestStart")
        {
            Interlocked.Increment(ref _sent);
        }
    }
}
