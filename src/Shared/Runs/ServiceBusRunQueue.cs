using Azure.Identity;
using Azure.Messaging.ServiceBus;

namespace ReidCloud.Runs;

/// <summary>
/// Nudges over a Service Bus queue. Nothing is prefetched, because locks run out in a buffer; no message id is set, because duplicate detection would
/// swallow a second nudge for the same run; and a nudge is completed within seconds, because a lock lasts five minutes at most.
/// </summary>
public sealed class ServiceBusRunQueue : RunQueue
{
    /// <summary>The client takes no zero.</summary>
    private static readonly TimeSpan Instant = TimeSpan.FromMilliseconds(1);

    private readonly ServiceBusClient _client;
    private readonly ServiceBusSender _sender;
    private readonly ServiceBusReceiver _receiver;

    public ServiceBusRunQueue(ReidCloudOptions options)
    {
        _client = string.IsNullOrWhiteSpace(options.ServiceBusConnection)
            ? new ServiceBusClient(options.ServiceBusNamespace!, new DefaultAzureCredential())
            : new ServiceBusClient(options.ServiceBusConnection);
        _sender = _client.CreateSender(options.Queue);
        _receiver = _client.CreateReceiver(options.Queue, new ServiceBusReceiverOptions
        {
            ReceiveMode = ServiceBusReceiveMode.PeekLock,
            PrefetchCount = 0,
        });
    }

    public override Task SendAsync(RunId run, CancellationToken cancellationToken) =>
        _sender.SendMessageAsync(new ServiceBusMessage(run.ToString()) { TimeToLive = NudgeLifetime }, cancellationToken);

    public override async Task<Nudge?> ReceiveAsync(TimeSpan patience, CancellationToken cancellationToken) =>
        await _receiver.ReceiveMessageAsync(patience > TimeSpan.Zero ? patience : Instant, cancellationToken).ConfigureAwait(false) is { } message
            ? new ServiceBusNudge(_receiver, message)
            : null;

    public override async ValueTask DisposeAsync()
    {
        await _receiver.DisposeAsync().ConfigureAwait(false);
        await _sender.DisposeAsync().ConfigureAwait(false);
        await _client.DisposeAsync().ConfigureAwait(false);
    }

    private sealed class ServiceBusNudge(ServiceBusReceiver receiver, ServiceBusReceivedMessage message)
        : Nudge(RunIn(message.Body.ToString()), message.Body.ToString())
    {
        public override async Task<bool> CompleteAsync(CancellationToken cancellationToken)
        {
            try
            {
                await receiver.CompleteMessageAsync(message, cancellationToken).ConfigureAwait(false);
                return true;
            }
            catch (ServiceBusException exception) when (IsGone(exception))
            {
                return false;
            }
        }

        public override async Task AbandonAsync(CancellationToken cancellationToken)
        {
            try
            {
                await receiver.AbandonMessageAsync(message, cancellationToken: cancellationToken).ConfigureAwait(false);
            }
            catch (ServiceBusException exception) when (IsGone(exception))
            {
                // Someone else has it already: what abandoning is for.
            }
        }

        private static bool IsGone(ServiceBusException exception) =>
            exception.Reason is ServiceBusFailureReason.MessageLockLost or ServiceBusFailureReason.MessageNotFound;
    }
}
