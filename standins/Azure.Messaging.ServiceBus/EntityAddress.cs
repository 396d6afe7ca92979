namespace Azure.Messaging.ServiceBus;

/// <summary>A queue's path below the namespace, each segment escaped; a sub-queue hangs below its queue.</summary>
internal static class EntityAddress
{
    public static string Of(string entity) => string.Join('/', entity.Split('/').Select(segment => segment.StartsWith('$') ? segment : Uri.EscapeDataString(segment)));

    public static string PathOf(string entity, SubQueue subQueue) => subQueue switch
    {
        SubQueue.None => entity,
        SubQueue.DeadLetter => $"{entity}/$DeadLetterQueue",
        SubQueue.TransferDeadLetter => $"{entity}/$Transfer/$DeadLetterQueue",
        _ => throw new ArgumentOutOfRangeException(nameof(subQueue), subQueue, "is not a sub-queue"),
    };
}
