using System.Net;

namespace Azure.Messaging.ServiceBus;

/// <summary>
/// One client's way to the service: authorizes, tries again with growing pauses when the service is busy or out of reach, and turns what
/// cannot be mended into the exceptions of the package.
/// </summary>
internal sealed class HttpConnection(Uri service, Authorization authorization, ServiceBusRetryOptions retry) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>How long a receive waits when it is not told.</summary>
    public TimeSpan DefaultWait => retry.TryTimeout;

    public bool IsClosed { get; private set; }

    /// <param name="entity">Queue path, for messages.</param>
    /// <param name="make">Makes the request anew for each try; its address is relative to the service.</param>
    /// <param name="serverWait">How long the service may hold the request on purpose.</param>
    public async Task<HttpResponseMessage> SendAsync(
        string entity, Func<HttpRequestMessage> make, TimeSpan serverWait, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            TimeSpan? wished = null;
            ServiceBusException failure;
            try
            {
                var response = await TryAsync(make, serverWait, cancellationToken).ConfigureAwait(false);
                if (response.IsSuccessStatusCode)
                {
                    return response;
                }

                using (response)
                {
                    wished = response.Headers.RetryAfter?.Delta;
                    var detail = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
                    failure = Explain(response.StatusCode, detail, entity);
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException)
            {
                failure = new ServiceBusException(
                    $"No answer from {service}: {exception.Message}", ServiceBusFailureReason.ServiceCommunicationProblem, entity, exception);
            }
            catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
            {
                failure = new ServiceBusException(
                    $"No answer from {service} within {retry.TryTimeout}", ServiceBusFailureReason.ServiceTimeout, entity, exception);
            }
            catch (OperationCanceledException exception)
            {
                throw new TaskCanceledException(exception.Message, exception, cancellationToken);
            }

            if (!failure.IsTransient || tries > retry.MaxRetries)
            {
                throw failure;
            }

            await Task.Delay(retry.PauseAfter(tries, wished), cancellationToken).ConfigureAwait(false);
        }
    }

    public void Dispose()
    {
        IsClosed = true;
        _http.Dispose();
        authorization.Dispose();
    }

    private async Task<HttpResponseMessage> TryAsync(
        Func<HttpRequestMessage> make, TimeSpan serverWait, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(IsClosed, typeof(ServiceBusClient));
        using var request = make();
        request.RequestUri = new Uri(service, request.RequestUri!);
        request.Headers.TryAddWithoutValidation(
            "Authorization", await authorization.HeaderAsync(cancellationToken).ConfigureAwait(false));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(serverWait + retry.TryTimeout);
        return await _http.SendAsync(request, limit.Token).ConfigureAwait(false);
    }

    private ServiceBusException Explain(HttpStatusCode status, string detail, string entity)
    {
        var message = $"{service} answered {(int)status}{(detail.Length == 0 ? "" : $": {detail}")}";
        ServiceBusException Because(ServiceBusFailureReason reason) => new(message, reason, entity);
        return status switch
        {
            HttpStatusCode.Unauthorized => throw new UnauthorizedAccessException(message),
            HttpStatusCode.Forbidden => Because(ServiceBusFailureReason.QuotaExceeded),
            HttpStatusCode.NotFound or HttpStatusCode.Gone => Because(ServiceBusFailureReason.MessagingEntityNotFound),
            HttpStatusCode.RequestEntityTooLarge => Because(ServiceBusFailureReason.MessageSizeExceeded),
            HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable => Because(ServiceBusFailureReason.ServiceBusy),
            HttpStatusCode.RequestTimeout or HttpStatusCode.GatewayTimeout => Because(ServiceBusFailureReason.ServiceTimeout),
            _ => new ServiceBusException((int)status >= 500, message, entity),
        };
    }
}
