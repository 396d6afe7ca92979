namespace ReidCloud.Runs;

/// <summary>Which queues carry the nudges: Service Bus' where the options name one, else queues of the storage account.</summary>
public static class RunQueues
{
    /// <param name="storage">Its options say where.</param>
    /// <param name="turn">Where the receiver begins to count; see <see cref="RunQueue.Turns"/>.</param>
    public static RunQueue Create(StorageAccess storage, int turn = 0) =>
        string.IsNullOrWhiteSpace(storage.Options.ServiceBusConnection) && string.IsNullOrWhiteSpace(storage.Options.ServiceBusNamespace)
            ? new StorageRunQueue(storage.Queue, storage.HighQueue, turn)
            : new ServiceBusRunQueue(storage.Options, turn);

    /// <summary>Of a queue on either service, without the storage's prefix.</summary>
    public static string Name(ReidCloudOptions options, RunPriority priority) => priority == RunPriority.High ? $"{options.Queue}{ReidCloudOptions.HighQueue}" : options.Queue;
}
