using Azure.Core;
using Azure.Identity;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Queues;
using Azure.Storage.Sas;

namespace ReidCloud.Runs;

/// <summary>
/// The way to the storage account: four containers and two queues, all under the prefix of the options. A connection string is used where there is
/// one, else the identity that the machine has. A request that the storage does not answer is sent again until the patience is over, in one place: here.
/// </summary>
public sealed class StorageAccess
{
    /// <summary>Clocks differ: an address that begins to be good now may be refused.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);

    /// <summary>Somebody waits for the answer, and is better told that there is none.</summary>
    private static readonly TimeSpan Moments = TimeSpan.FromSeconds(5);

    /// <summary>One try takes as long as the patience, within these.</summary>
    private static readonly TimeSpan ShortestTry = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LongestTry = TimeSpan.FromSeconds(60);

    private readonly BlobServiceClient _blobs;

    /// <param name="options">Where the storage is.</param>
    /// <param name="patience">How long a request is sent again to a storage that does not answer; a few seconds where nothing is said.</param>
    /// <exception cref="OptionsException">The options are not usable.</exception>
    public StorageAccess(ReidCloudOptions options, TimeSpan? patience = null)
    {
        ReidCloudOptionsValidator.Require(options);
        Options = options;
        Patience = patience ?? Moments;
        if (!string.IsNullOrWhiteSpace(options.StorageConnection))
        {
            try
            {
                _blobs = new BlobServiceClient(options.StorageConnection, Configure(new BlobClientOptions(), Patience));
                (Queue, HighQueue) = Queues(name => new QueueClient(options.StorageConnection, name, Configure(new QueueClientOptions(), Moments)));
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
            var queues = account.Host.Replace(".blob.", ".queue.", StringComparison.Ordinal);
            _blobs = new BlobServiceClient(account, credential, Configure(new BlobClientOptions(), Patience));
            (Queue, HighQueue) = Queues(name => new QueueClient(new UriBuilder(account) { Host = queues, Path = name }.Uri, credential, Configure(new QueueClientOptions(), Moments)));
        }

        Runs = Container(RunPaths.Runs);
        Datasets = Container(RunPaths.Datasets);
        Weights = Container(RunPaths.Weights);
        Index = Container(RunPaths.Index);
    }

    public ReidCloudOptions Options { get; }

    /// <summary>How long blobs that do not answer are waited for. The queue never is for more than moments: no run depends on a nudge.</summary>
    public TimeSpan Patience { get; }

    public BlobServiceClient Blobs => _blobs;

    public BlobContainerClient Runs { get; }

    public BlobContainerClient Datasets { get; }

    public BlobContainerClient Weights { get; }

    public BlobContainerClient Index { get; }

    /// <summary>Of nudges, where no Service Bus carries them; and the one of high priority.</summary>
    public QueueClient Queue { get; }

    public QueueClient HighQueue { get; }

    /// <summary>Makes what is missing. Harmless when it is all there.</summary>
    public async Task CreateAsync(CancellationToken cancellationToken)
    {
        await Runs.CreateIfNotExistsAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        await Datasets.CreateIfNotExistsAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        await Weights.CreateIfNotExistsAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        await Index.CreateIfNotExistsAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        await Queue.CreateIfNotExistsAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        await HighQueue.CreateIfNotExistsAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// An address that opens this one blob for this one purpose and not for long: signed with the account's key where a connection string holds it, else with
    /// a key of the machine's identity.
    /// </summary>
    /// <param name="disposition">The Content-Disposition that a reader is given.</param>
    public async Task<SignedAddress> SignAsync(
        BlobClient blob, BlobSasPermissions permissions, DateTimeOffset now, TimeSpan validity, string? disposition, CancellationToken cancellationToken)
    {
        var sas = Sas(blob, permissions, now, validity, disposition);
        if (blob.CanGenerateSasUri)
        {
            return new SignedAddress(blob.GenerateSasUri(sas), sas.ExpiresOn);
        }

        var key = await _blobs.GetUserDelegationKeyAsync(sas.StartsOn, sas.ExpiresOn, cancellationToken).ConfigureAwait(false);
        return new SignedAddress(Delegated(blob.Uri, sas, key.Value, _blobs.AccountName), sas.ExpiresOn);
    }

    internal static BlobSasBuilder Sas(BlobClient blob, BlobSasPermissions permissions, DateTimeOffset now, TimeSpan validity, string? disposition) => new(permissions, now + validity)
    {
        BlobContainerName = blob.BlobContainerName,
        BlobName = blob.Name,
        Resource = "b",
        StartsOn = now - ClockSkew,
        Protocol = blob.Uri.Scheme == Uri.UriSchemeHttps ? SasProtocol.Https : SasProtocol.HttpsAndHttp,
        ContentDisposition = disposition,
    };

    internal static Uri Delegated(Uri blob, BlobSasBuilder sas, UserDelegationKey key, string account) =>
        new BlobUriBuilder(blob) { Sas = sas.ToSasQueryParameters(key, account) }.ToUri();

    private (QueueClient Normal, QueueClient High) Queues(Func<string, QueueClient> make)
    {
        QueueClient Of(RunPriority priority) => make(Options.StoragePrefix + RunQueues.Name(Options, priority));
        return (Of(RunPriority.Normal), Of(RunPriority.High));
    }

    private BlobContainerClient Container(string name) => _blobs.GetBlobContainerClient(Options.StoragePrefix + name);

    private static T Configure<T>(T client, TimeSpan patience)
        where T : ClientOptions
    {
        client.RetryPolicy = new PatientRetry(patience);
        client.Retry.NetworkTimeout = TimeSpan.FromSeconds(Math.Clamp(patience.TotalSeconds, ShortestTry.TotalSeconds, LongestTry.TotalSeconds));
        return client;
    }
}
