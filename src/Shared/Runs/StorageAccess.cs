using Azure.Core;
using Azure.Identity;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;

namespace ReidCloud.Runs;

/// <summary>
/// The way to the storage account: three containers and a queue, all under the prefix of the options. A connection string is used where there is
/// one, else the identity that the machine has. Requests are tried again a few times within seconds, in one place: here.
/// </summary>
public sealed class StorageAccess
{
    private readonly BlobServiceClient _blobs;

    /// <exception cref="OptionsException">The options are not usable.</exception>
    public StorageAccess(ReidCloudOptions options)
    {
        ReidCloudOptionsValidator.Require(options);
        Options = options;
        var queueName = options.StoragePrefix + options.Queue;
        if (!string.IsNullOrWhiteSpace(options.StorageConnection))
        {
            try
            {
                _blobs = new BlobServiceClient(options.StorageConnection, Configure(new BlobClientOptions()));
                Queue = new QueueClient(options.StorageConnection, queueName, Configure(new QueueClientOptions()));
            }
            catch (Exception exception) when (exception is FormatException or ArgumentException)
            {
                throw new OptionsException([$"{ReidCloudOptions.Section}__{nameof(options.StorageConnection)} cannot be read: {exception.Message}"]);
            }
        }
        else
        {
            var account = new Uri(options.StorageAccount!);
            var credential = new DefaultAzureCredential();
            var queues = new UriBuilder(account) { Host = account.Host.Replace(".blob.", ".queue.", StringComparison.Ordinal), Path = queueName }.Uri;
            _blobs = new BlobServiceClient(account, credential, Configure(new BlobClientOptions()));
            Queue = new QueueClient(queues, credential, Configure(new QueueClientOptions()));
        }

        Runs = Container(RunPaths.Runs);
        Datasets = Container(RunPaths.Datasets);
        Index = Container(RunPaths.Index);
    }

    public ReidCloudOptions Options { get; }

    public BlobServiceClient Blobs => _blobs;

    public BlobContainerClient Runs { get; }

    public BlobContainerClient Datasets { get; }

    public BlobContainerClient Index { get; }

    public QueueClient Queue { get; }

    /// <summary>Makes what is missing. Harmless when it is all there.</summary>
    public async Task CreateAsync(CancellationToken cancellationToken)
    {
        await Runs.CreateIfNotExistsAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        await Datasets.CreateIfNotExistsAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        await Index.CreateIfNotExistsAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        await Queue.CreateIfNotExistsAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    private BlobContainerClient Container(string name) => _blobs.GetBlobContainerClient(Options.StoragePrefix + name);

    private static T Configure<T>(T client)
        where T : ClientOptions
    {
        client.Retry.Mode = RetryMode.Exponential;
        client.Retry.MaxRetries = 4;
        client.Retry.Delay = TimeSpan.FromMilliseconds(300);
        client.Retry.MaxDelay = TimeSpan.FromSeconds(5);
        client.Retry.NetworkTimeout = TimeSpan.FromSeconds(60);
        return client;
    }
}
