namespace ReidCloud.Runs;

/// <summary>Which queue carries the nudges: Service Bus where the options name one, else a queue of the storage account.</summary>
public static class RunQueues
{
    public static RunQueue Create(StorageAccess storage) =>
        string.IsNullOrWhiteSpace(storage.Options.ServiceBusConnection) && string.IsNullOrWhiteSpace(storage.Options.ServiceBusNamespace)
            ? new StorageRunQueue(storage.Queue)
            : new ServiceBusRunQueue(storage.Options);
}
