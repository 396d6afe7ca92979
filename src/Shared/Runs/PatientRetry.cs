using System.Diagnostics;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace ReidCloud.Runs;

/// <summary>
/// Sends a request again that had no answer, or one that asks to come again, ever more slowly until the patience is over; counted in time, because a try
/// takes anything between nothing (a refused connection) and the whole of its time limit. What is left of it then is one kind of exception: a
/// <see cref="RequestFailedException"/>, with status 0 where there was no answer. One that is called off ends as every other call does.
/// </summary>
public sealed class PatientRetry(TimeSpan patience) : RetryPolicy(int.MaxValue, Pauses)
{
    /// <summary>0.3 s, doubled up to 5 s.</summary>
    public static DelayStrategy Pauses { get; } = new GrowingPauses();

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        Begin(message);
        try
        {
            base.Process(message, pipeline);
        }
        catch (Exception fault) when (fault is AggregateException or OperationCanceledException or IOException)
        {
            throw Plain(fault, message);
        }
    }

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        Begin(message);
        try
        {
            await base.ProcessAsync(message, pipeline).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is AggregateException or OperationCanceledException or IOException)
        {
            throw Plain(fault, message);
        }
    }

    protected override bool ShouldRetry(HttpMessage message, Exception? exception) => HasPatience(message) && base.ShouldRetry(message, exception);

    protected override ValueTask<bool> ShouldRetryAsync(HttpMessage message, Exception? exception) =>
        HasPatience(message) ? base.ShouldRetryAsync(message, exception) : new(false);

    private static void Begin(HttpMessage message) => message.SetProperty(nameof(PatientRetry), Stopwatch.GetTimestamp());

    private bool HasPatience(HttpMessage message) =>
        message.TryGetProperty(nameof(PatientRetry), out var began) && Stopwatch.GetElapsedTime((long)began!) < patience;

    /// <summary>Several tries fail with all that befell them, even if they were called off; one that ran into its time limit looks as if it had been.</summary>
    private static Exception Plain(Exception fault, HttpMessage message)
    {
        var why = (fault is AggregateException several ? several.InnerExceptions[^1] : fault).Message;
        return message.CancellationToken.IsCancellationRequested
            ? new OperationCanceledException(why, fault, message.CancellationToken)
            : new RequestFailedException(0, why, fault);
    }

    /// <summary>Azure.Core's own doubling overflows after thirty tries.</summary>
    private sealed class GrowingPauses() : DelayStrategy(TimeSpan.FromSeconds(5))
    {
        private const int MostDoublings = 5;

        protected override TimeSpan GetNextDelayCore(Response? response, int retryNumber) =>
            TimeSpan.FromMilliseconds(300 << Math.Clamp(retryNumber - 1, 0, MostDoublings));
    }
}
