namespace ReidCloud;

/// <summary>
/// Where we are: names of places and secrets, bound from the environment or settings (section `ReidCloud`, as `ReidCloud__Name`), validated
/// at start-up. Nothing here can change a metric. local.settings.sample.json lists every option with the value that works with Azurite.
/// </summary>
public sealed class ReidCloudOptions
{
    public const string Section = "ReidCloud";

    /// <summary>What the name of the queue for runs of high priority ends in.</summary>
    public const string HighQueue = "-high";

    /// <summary>A connection string (Azurite: `UseDevelopmentStorage=true`). Alternative to <see cref="StorageAccount"/>.</summary>
    public string? StorageConnection { get; set; }

    /// <summary>The blob service's address, used with managed identity: https://NAME.blob.core.windows.net.</summary>
    public string? StorageAccount { get; set; }

    /// <summary>Prefix of the containers and of the storage queues, so that several systems share an account. Usually empty.</summary>
    public string StoragePrefix { get; set; } = "";

    /// <summary>Service Bus connection string. Without it and without <see cref="ServiceBusNamespace"/>, a storage queue carries the nudges.</summary>
    public string? ServiceBusConnection { get; set; }

    /// <summary>Fully qualified Service Bus namespace, used with managed identity.</summary>
    public string? ServiceBusNamespace { get; set; }

    /// <summary>The queue's name, on either service. The one for runs of high priority is called the same, with <see cref="HighQueue"/>.</summary>
    public string Queue { get; set; } = "runs";

    /// <summary>How many requests one caller of the API may make in the long run; twice as many at once.</summary>
    public int RequestsPerSecond { get; set; } = 1000;

    /// <summary>How long an upload address is good for. An upload that takes longer asks for another on its way.</summary>
    public TimeSpan UploadValidity { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a commit may take before its request is answered with 202.</summary>
    public TimeSpan CommitPatience { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Where a runner keeps archives it has fetched. Empty: a folder under the system's temporary one.</summary>
    public string CacheFolder { get; set; } = "";

    /// <summary>Where a runner finds ONNX Runtime for Node, in which exports are checked: a folder with npm's node_modules. Empty: it exports nothing.</summary>
    public string OnnxRuntimeFolder { get; set; } = "";

    /// <summary>`cpu`, `cuda`, `cuda:1`; `auto` takes CUDA where there is one. Several (`cuda:0,cuda:1`): the replicas of a training, or the peers of mutual learning, are spread over them, all else is on the first.</summary>
    public string Device { get; set; } = "auto";

    /// <summary>MiB of a CUDA device's memory that a training may fill with the frames of its data set; where they do not fit, frames travel with each batch. 0: they always do.</summary>
    public int ResidentMiB { get; set; } = 4096;

    /// <summary>Threads per tensor operation. 0: as many as the machine has processors.</summary>
    public int Threads { get; set; }

    /// <summary>MiB that a runner's process may have before it stops its run, with a checkpoint. 0: 90 % of what its machine or container has.</summary>
    public int MemoryLimitMiB { get; set; }

    /// <summary>Seconds of the lease on a run's status, 15 to 60; it is renewed three times within that.</summary>
    public int LeaseSeconds { get; set; } = 30;

    /// <summary>How long a runner waits for a storage that does not answer before it gives its run back. Others are told within seconds.</summary>
    public TimeSpan StoragePatience { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// A runner that was asked to stop, has given its run back and is still there so long after was told in error, as spot machines sometimes are, and goes on
    /// serving. 0: it ends.
    /// </summary>
    public TimeSpan ResumeAfter { get; set; }
}
