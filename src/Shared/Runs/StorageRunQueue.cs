using System.Diagnostics;
using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;

namespace ReidCloud.Runs;

/// <summary>
/// Nudges over a storage queue: what runs locally, and enough for one site. The service has no waiting receive, so this one asks again, ever more
/// slowly up to once a second. A nudge that is neither completed nor abandoned shows up again after <paramref name="invisible"/>.
/// </summary>
public sealed class StorageRunQueue(QueueClient queue, TimeSpan? invisible = null) : RunQueue
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);
    private readonly TimeSpan _invisible = invisible ?? TimeSpan.FromMinutes(1);

    public override Task SendAsync(RunId run, CancellationToken cancellationToken) =>
        queue.SendMessageAsync(run.ToString(), visibilityTimeout: null, NudgeLifetime, cancellationToken);

    public override async Task<Nudge?> ReceiveAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        var asked = Stopwatch.GetTimestamp();
        for (var pause = FirstPause; ; pause = pause < LongestPause ? pause * 2 : LongestPause)
        {
            QueueMessage? message = await queue.ReceiveMessageAsync(_invisible, cancellationToken).ConfigureAwait(false);
            if (message is not null)
            {
                return new StorageNudge(queue, message);
            }

            var left = patience - Stopwatch.GetElapsedTime(asked);
            if (left <= TimeSpan.Zero)
            {
                return null;
            }

            await Task.Delay(left < pause ? left : pause, cancellationToken).ConfigureAwait(false);
        }
    }

    private sealed class StorageNudge(QueueClient queue, QueueMessage message) : Nudge(RunIn(message.Body.ToString()), message.Body.ToString())
    {
        public override async Task<bool> CompleteAsync(CancellationToken cancellationToken)
        {
            try
            {
                await queue.DeleteMessageAsync(message.MessageId, message.PopReceipt, cancellationToken).ConfigureAwait(false);
                return true;
            }
            catch (RequestFailedException exception) when (IsGone(exception))
            {
                return false;
            }
        }

        public override async Task AbandonAsync(CancellationToken cancellationToken)
        {
            try
            {
                await queue.UpdateMessageAsync(
                    message.MessageId, message.PopReceipt, (string?)null, TimeSpan.Zero, cancellationToken).ConfigureAwait(false);
            }
            catch (RequestFailedException exception) when (IsGone(exception))
            {
                // Someone else has it already: what abandoning is for.
            }
        }

        private static bool IsGone(RequestFailedException exception) =>
            exception.ErrorCode == QueueErrorCode.MessageNotFound || exception.ErrorCode == QueueErrorCode.PopReceiptMismatch;
    }
}
