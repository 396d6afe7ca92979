using System.Diagnostics;
using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;

namespace ReidCloud.Runs;

/// <summary>
/// Nudges over storage queues: what runs locally, and enough for one site. The service has no waiting receive, so this one asks again, ever more slowly, down
/// to four times a second: a run waits for an eighth of a second on average, and a month of asking costs about a dollar. A nudge that is neither completed nor abandoned shows up again after <paramref name="invisible"/>. A queue that somebody deleted is
/// made again.
/// </summary>
public sealed class StorageRunQueue(QueueClient normal, QueueClient high, int turn = 0, TimeSpan? invisible = null) : RunQueue(turn)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(250);

    /// <summary>To send, take, count and make queues. https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/storage</summary>
    private const string Role = "Storage Queue Data Contributor";

    private readonly TimeSpan _invisible = invisible ?? TimeSpan.FromMinutes(1);

    public override async Task<int?> CountAsync(RunPriority priority, CancellationToken cancellationToken) =>
        (await AskAsync(priority, queue => queue.GetPropertiesAsync(cancellationToken), cancellationToken).ConfigureAwait(false)).Value.ApproximateMessagesCount;

    private protected override Task PutAsync(string text, RunPriority priority, CancellationToken cancellationToken) =>
        AskAsync(priority, queue => queue.SendMessageAsync(text, visibilityTimeout: null, NudgeLifetime, cancellationToken), cancellationToken);

    private protected override async Task<Nudge?> TakeAsync(RunPriority first, TimeSpan patience, CancellationToken cancellationToken)
    {
        var asked = Stopwatch.GetTimestamp();
        for (var pause = FirstPause; ; pause = pause < LongestPause ? pause * 2 : LongestPause)
        {
            if (await TryTakeAsync(first, cancellationToken).ConfigureAwait(false) is { } preferred)
            {
                return preferred;
            }

            if (await TryTakeAsync(Other(first), cancellationToken).ConfigureAwait(false) is { } other)
            {
                return other;
            }

            var left = patience - Stopwatch.GetElapsedTime(asked);
            if (left <= TimeSpan.Zero)
            {
                return null;
            }

            await Task.Delay(left < pause ? left : pause, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<Nudge?> TryTakeAsync(RunPriority priority, CancellationToken cancellationToken)
    {
        QueueMessage? message = await AskAsync(priority, queue => queue.ReceiveMessageAsync(_invisible, cancellationToken), cancellationToken).ConfigureAwait(false);
        return message is null ? null : new StorageNudge(Queue(priority), message);
    }

    private async Task<T> AskAsync<T>(RunPriority priority, Func<QueueClient, Task<T>> ask, CancellationToken cancellationToken)
    {
        var queue = Queue(priority);
        try
        {
            try
            {
                return await ask(queue).ConfigureAwait(false);
            }
            catch (RequestFailedException exception) when (exception.ErrorCode == QueueErrorCode.QueueNotFound)
            {
                await queue.CreateIfNotExistsAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
                return await ask(queue).ConfigureAwait(false);
            }
        }
        catch (RequestFailedException exception) when (IsAway(exception))
        {
            throw new QueueAwayException(queue.Name, exception);
        }
        catch (RequestFailedException exception) when (IsRefusal(exception))
        {
            throw QueueAwayException.Refusal(queue.Name, Role, exception);
        }
    }

    private QueueClient Queue(RunPriority priority) => priority == RunPriority.High ? high : normal;

    /// <summary>No answer, a busy one, or a queue that is on its way out and cannot be made again yet.</summary>
    private static bool IsAway(RequestFailedException exception) =>
        StorageOutage.Passes(exception) || exception.ErrorCode == QueueErrorCode.QueueBeingDeleted || exception.ErrorCode == QueueErrorCode.QueueNotFound;

    /// <summary>No right to it, a key that does not fit, or nothing there that could be made.</summary>
    private static bool IsRefusal(RequestFailedException exception) => exception.Status is 401 or 403 or 404;

    private sealed class StorageNudge(QueueClient queue, QueueMessage message) : Nudge(RunIn(message.Body.ToString()), message.Body.ToString())
    {
        public override Task<bool> CompleteAsync(CancellationToken cancellationToken) =>
            SettleAsync(() => queue.DeleteMessageAsync(message.MessageId, message.PopReceipt, cancellationToken));

        public override Task AbandonAsync(CancellationToken cancellationToken) =>
            SettleAsync(() => queue.UpdateMessageAsync(message.MessageId, message.PopReceipt, (string?)null, TimeSpan.Zero, cancellationToken));

        /// <summary>False: someone else has it already, nobody does any more, or the queue does not answer.</summary>
        private static async Task<bool> SettleAsync(Func<Task> settle)
        {
            try
            {
                await settle().ConfigureAwait(false);
                return true;
            }
            catch (RequestFailedException exception) when (IsGone(exception) || IsAway(exception) || IsRefusal(exception))
            {
                return false;
            }
        }

        private static bool IsGone(RequestFailedException exception) =>
            exception.ErrorCode == QueueErrorCode.MessageNotFound || exception.ErrorCode == QueueErrorCode.PopReceiptMismatch;
    }
}
