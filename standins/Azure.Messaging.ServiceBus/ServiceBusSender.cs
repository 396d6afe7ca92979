namespace Azure.Messaging.ServiceBus;

/// <summary>Sends to one queue.</summary>
public class ServiceBusSender : IAsyncDisposable
{
    private readonly HttpConnection _connection;
    private readonly string _path;
    private bool _closed;

    internal ServiceBusSender(HttpConnection connection, string entityPath)
    {
        _connection = connection;
        _path = EntityAddress.Of(entityPath);
        EntityPath = entityPath;
    }

    public virtual string EntityPath { get; }

    public virtual bool IsClosed => _closed || _connection.IsClosed;

    public virtual async Task SendMessageAsync(ServiceBusMessage message, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        ObjectDisposedException.ThrowIf(IsClosed, this);
        using var response = await _connection.SendAsync(EntityPath, Request, TimeSpan.Zero, cancellationToken).ConfigureAwait(false);

        HttpRequestMessage Request()
        {
            var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"{_path}/messages", UriKind.Relative))
            {
                Content = new ReadOnlyMemoryContent(message.Body.ToMemory()),
            };
            if (message.ContentType is not null)
            {
                request.Content.Headers.TryAddWithoutValidation("Content-Type", message.ContentType);
            }

            request.Headers.TryAddWithoutValidation(BrokerProperties.Header, BrokerProperties.Of(message).ToString());
            ApplicationProperties.Write(message, request.Headers);
            return request;
        }
    }

    public virtual Task CloseAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _closed = true;
        return Task.CompletedTask;
    }

    public virtual async ValueTask DisposeAsync()
    {
        await CloseAsync(CancellationToken.None).ConfigureAwait(false);
        GC.SuppressFinalize(this);
    }
}
