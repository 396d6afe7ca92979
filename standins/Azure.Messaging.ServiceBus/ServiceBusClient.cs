using Azure.Core;

namespace Azure.Messaging.ServiceBus;

/// <summary>
/// The way to a namespace. `UseDevelopmentEmulator=true` in a connection string means plain HTTP to the endpoint's host and port; otherwise it
/// is HTTPS.
/// </summary>
public class ServiceBusClient : IAsyncDisposable
{
    private readonly HttpConnection _connection;
    private readonly string? _onlyEntity;

    public ServiceBusClient(string connectionString) : this(connectionString, new ServiceBusClientOptions())
    {
    }

    public ServiceBusClient(string connectionString, ServiceBusClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var properties = ServiceBusConnectionStringProperties.Parse(connectionString);
        var service = new UriBuilder
        {
            Scheme = properties.UseDevelopmentEmulator ? Uri.UriSchemeHttp : Uri.UriSchemeHttps,
            Host = properties.Endpoint.Host,
            Port = properties.Endpoint.IsDefaultPort ? -1 : properties.Endpoint.Port,
        }.Uri;
        _connection = new HttpConnection(service, Authorization.Of(properties, service), options.RetryOptions);
        _onlyEntity = properties.EntityPath;
        FullyQualifiedNamespace = properties.FullyQualifiedNamespace;
        TransportType = options.TransportType;
    }

    public ServiceBusClient(string fullyQualifiedNamespace, TokenCredential credential)
        : this(fullyQualifiedNamespace, credential, new ServiceBusClientOptions())
    {
    }

    public ServiceBusClient(string fullyQualifiedNamespace, TokenCredential credential, ServiceBusClientOptions? options)
    {
        ArgumentException.ThrowIfNullOrEmpty(fullyQualifiedNamespace);
        ArgumentNullException.ThrowIfNull(credential);
        if (Uri.CheckHostName(fullyQualifiedNamespace) == UriHostNameType.Unknown)
        {
            throw new ArgumentException(
                $"'{fullyQualifiedNamespace}' is not a host name such as NAME.servicebus.windows.net", nameof(fullyQualifiedNamespace));
        }

        options ??= new ServiceBusClientOptions();
        var service = new Uri($"https://{fullyQualifiedNamespace}/");
        _connection = new HttpConnection(service, Authorization.Of(credential), options.RetryOptions);
        FullyQualifiedNamespace = fullyQualifiedNamespace;
        TransportType = options.TransportType;
    }

    public virtual string FullyQualifiedNamespace { get; }

    public virtual bool IsClosed => _connection.IsClosed;

    public ServiceBusTransportType TransportType { get; }

    public virtual ServiceBusSender CreateSender(string queueOrTopicName) => new(_connection, Checked(queueOrTopicName));

    public virtual ServiceBusReceiver CreateReceiver(string queueName) => CreateReceiver(queueName, new ServiceBusReceiverOptions());

    public virtual ServiceBusReceiver CreateReceiver(string queueName, ServiceBusReceiverOptions? options) =>
        new(_connection, Checked(queueName), options ?? new ServiceBusReceiverOptions());

    public virtual ValueTask DisposeAsync()
    {
        _connection.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    private string Checked(string entity)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(entity);
        ObjectDisposedException.ThrowIf(IsClosed, this);
        return _onlyEntity is null || string.Equals(_onlyEntity, entity, StringComparison.OrdinalIgnoreCase)
            ? entity
            : throw new ArgumentException($"The connection string is for '{_onlyEntity}' only, not for '{entity}'", nameof(entity));
    }
}
