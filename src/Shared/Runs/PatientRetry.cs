using System.Diagnostics;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;

namespace ReidCloud.Runs;

/// <summary>
/// Sends a request again that had no answer, or one that asks to come again, ever more slowly until the patience is over; counted in time, because a try
/// takes anything between nothing (a refused connection) and the whole of its time limit. What is left of it then is one kind of exception: a
/// <see cref="RequestFailedException"/>, with status 0 where there was no answer; or, when it was called off, an <see cref="OperationCanceledException"/>.
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
        catch (Exception fault) when (IsSilence(fault))
        {
            throw Plain(fault, message.CancellationToken);
        }
    }

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        Begin(message);
        try
        {
            await base.ProcessAsync(message, pipeline).ConfigureAwait(false);
        }
        catch (Exception fault) when (IsSilence(fault))
        {
            throw Plain(fault, message.CancellationToken);
        }
    }

    protected override bool ShouldRetry(HttpMessage message, Exception? exception) => HasPatience(message) && (exception is AuthenticationFailedException || base.ShouldRetry(message, exception));

    protected override ValueTask<bool> ShouldRetryAsync(HttpMessage message, Exception? exception) =>
        HasPatience(message) && exception is not AuthenticationFailedException ? base.ShouldRetryAsync(message, exception) : new(HasPatience(message));

    private static void Begin(HttpMessage message) => message.SetProperty(nameof(PatientRetry), Stopwatch.GetTimestamp());

    private bool HasPatience(HttpMessage message) =>
        message.TryGetProperty(nameof(PatientRetry), out var began) && Stopwatch.GetElapsedTime((long)began!) < patience;

    /// <summary>
    /// Several tries fail with all that befell them, also when the last was called off; one that ran into its time limit looks like one that was called off;
    /// and where the machine's identity does not answer, the storage was not even asked.
    /// </summary>
    private static bool IsSilence(Exception fault) => fault is AggregateException or OperationCanceledException or IOException or AuthenticationFailedException;

    private static Exception Plain(Exception fault, CancellationToken calledOff)
    {
        var last = fault is AggregateException several ? several.InnerExceptions[^1] : fault;
        return calledOff.IsCancellationRequested ? new OperationCanceledException(last.Message, fault, calledOff) : new RequestFailedException(0, last.Message, fault);
    }

    /// <summary>Azure.Core's own doubling overflows after thirty tries.</summary>
    private sealed class GrowingPauses() : DelayStrategy(TimeSpan.FromSeconds(5))
    {
        private const int MostDoublings = 5;

        protected override TimeSpan GetNextDelayCore(Response? response, int retryNumber) =>
            TimeSpan.FromMilliseconds(300 << Math.Clamp(retryNumber - 1, 0, MostDoublings));
    }
}
