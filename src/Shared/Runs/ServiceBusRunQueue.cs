using System.Diagnostics;
using Azure.Identity;
using Azure.Messaging.ServiceBus;

namespace ReidCloud.Runs;

/// <summary>
/// Nudges over two Service Bus queues. Nothing is prefetched, because locks run out in a buffer; no message id is set, because duplicate detection would
/// swallow a second nudge for the same run; and a nudge is completed within seconds, because a lock lasts five minutes at most. The service waits on one queue
/// at a time, so a receiver looks at one after the other, a second at each: waiting on both would take a nudge that is then not wanted, and one that is
/// put back ten times is dead.
/// </summary>
public sealed class ServiceBusRunQueue : RunQueue
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <summary>The client takes no zero.</summary>
    private static readonly TimeSpan Instant = TimeSpan.FromMilliseconds(1);

    private readonly ServiceBusClient _client;
    private readonly Dictionary<RunPriority, (ServiceBusSender Sender, ServiceBusReceiver Receiver)> _queues;

    public ServiceBusRunQueue(ReidCloudOptions options, int turn = 0) : base(turn)
    {
        // A broker that does not answer is better told of soon: nothing depends on it.
        var impatient = new ServiceBusClientOptions { RetryOptions = { MaxRetries = 2, TryTimeout = TimeSpan.FromSeconds(10) } };
        _client = string.IsNullOrWhiteSpace(options.ServiceBusConnection)
            ? new ServiceBusClient(options.ServiceBusNamespace!, new DefaultAzureCredential(), impatient)
            : new ServiceBusClient(options.ServiceBusConnection, impatient);
        _queues = Enum.GetValues<RunPriority>().ToDictionary(priority => priority, priority =>
        {
            var name = RunQueues.Name(options, priority);
            return (_client.CreateSender(name), _client.CreateReceiver(name, new ServiceBusReceiverOptions { ReceiveMode = ServiceBusReceiveMode.PeekLock, PrefetchCount = 0 }));
        });
    }

    /// <summary>Only the management service knows, and whoever sends need not be allowed to ask it.</summary>
    public override Task<int?> CountAsync(RunPriority priority, CancellationToken cancellationToken) => Task.FromResult<int?>(null);

    private protected override async Task PutAsync(string text, RunPriority priority, CancellationToken cancellationToken)
    {
        var sender = _queues[priority].Sender;
        try
        {
            await sender.SendMessageAsync(new ServiceBusMessage(text) { TimeToLive = NudgeLifetime }, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (IsAway(exception))
        {
            throw Away(sender.EntityPath, "Azure Service Bus Data Sender", exception);
        }
    }

    private protected override async Task<Nudge?> TakeAsync(RunPriority first, TimeSpan patience, CancellationToken cancellationToken)
    {
        var asked = Stopwatch.GetTimestamp();
        for (var priority = first; ; priority = Other(priority))
        {
            var left = patience - Stopwatch.GetElapsedTime(asked);
            var receiver = _queues[priority].Receiver;
            try
            {
                var wait = left < Instant ? Instant : left < Look ? left : Look;
                if (await receiver.ReceiveMessageAsync(wait, cancellationToken).ConfigureAwait(false) is { } message)
                {
                    return new ServiceBusNudge(receiver, message);
                }
            }
            catch (Exception exception) when (IsAway(exception))
            {
                throw Away(receiver.EntityPath, "Azure Service Bus Data Receiver", exception);
            }

            if (left <= Look && priority != first)
            {
                return null;
            }
        }
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (var (sender, receiver) in _queues.Values)
        {
            await receiver.DisposeAsync().ConfigureAwait(false);
            await sender.DisposeAsync().ConfigureAwait(false);
        }

        await _client.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>The client says on its own what it thinks of a token, and the identity when it gives none.</summary>
    private static bool IsAway(Exception exception) => exception is ServiceBusException or UnauthorizedAccessException or AuthenticationFailedException;

    private static QueueAwayException Away(string queue, string role, Exception cause) =>
        cause is UnauthorizedAccessException ? QueueAwayException.Refusal(queue, role, cause) : new QueueAwayException(queue, cause);

    private sealed class ServiceBusNudge(ServiceBusReceiver receiver, ServiceBusReceivedMessage message)
        : Nudge(RunIn(message.Body.ToString()), message.Body.ToString())
    {
        public override Task<bool> CompleteAsync(CancellationToken cancellationToken) => SettleAsync(() => receiver.CompleteMessageAsync(message, cancellationToken));

        public override Task AbandonAsync(CancellationToken cancellationToken) =>
            SettleAsync(() => receiver.AbandonMessageAsync(message, cancellationToken: cancellationToken));

        /// <summary>False: the lock has run out, so someone else has it or will, or the broker does not answer.</summary>
        private static async Task<bool> SettleAsync(Func<Task> settle)
        {
            try
            {
                await settle().ConfigureAwait(false);
                return true;
            }
            catch (Exception exception) when (IsAway(exception))
            {
                return false;
            }
        }
    }
}
