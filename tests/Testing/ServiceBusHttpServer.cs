using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace ReidCloud.Tests.Testing;

/// <summary>
/// Answers the documented operations of Service Bus' HTTPS runtime API for a few queues on a free port of this machine, and fails on demand.
/// Requests must carry a SAS token signed with the key of <see cref="ConnectionString"/>.
/// </summary>
public sealed class ServiceBusHttpServer : IAsyncDisposable
{
    private const string KeyName = "test";
    private const string Key = "c2VydmljZS1idXMtaHR0cC1zZXJ2ZXI=";
    private static readonly HashSet<string> Protocol = new(StringComparer.OrdinalIgnoreCase)
    {
        "Authorization", "BrokerProperties", "Connection", "Content-Length", "Content-Type", "Host", "traceparent", "Transfer-Encoding", "User-Agent",
    };

    private readonly WebApplication _app;
    private readonly Dictionary<string, ServiceBusHttpQueue> _queues = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentQueue<Func<HttpContext, Task<bool>>> _faults = new();
    private int _requests;

    private ServiceBusHttpServer(TimeProvider time, IEnumerable<string> queues)
    {
        foreach (var name in queues)
        {
            var dead = new ServiceBusHttpQueue(time) { MaxDeliveryCount = int.MaxValue };
            _queues[name] = new ServiceBusHttpQueue(time) { DeadLetters = dead };
            _queues[$"{name}/$DeadLetterQueue"] = dead;
        }

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    public string ConnectionString { get; private set; } = "";

    /// <summary>Requests that arrived, failed ones included.</summary>
    public int Requests => Volatile.Read(ref _requests);

    public static async Task<ServiceBusHttpServer> StartAsync(TimeProvider time, params string[] queues)
    {
        var server = new ServiceBusHttpServer(time, queues);
        await server._app.StartAsync();
        var address = new Uri(server._app.Urls.Single());
        server.ConnectionString =
            $"Endpoint=sb://127.0.0.1:{address.Port};SharedAccessKeyName={KeyName};SharedAccessKey={Key};UseDevelopmentEmulator=true";
        return server;
    }

    public ServiceBusHttpQueue Queue(string name) => _queues[name];

    /// <summary>The next requests are answered with this status instead of being obeyed.</summary>
    public void FailNext(int requests, int status, TimeSpan? retryAfter = null)
    {
        for (var i = 0; i < requests; i++)
        {
            _faults.Enqueue(context =>
            {
                context.Response.StatusCode = status;
                if (retryAfter is { } pause)
                {
                    context.Response.Headers.RetryAfter = pause.TotalSeconds.ToString(CultureInfo.InvariantCulture);
                }

                return Task.FromResult(true);
            });
        }
    }

    /// <summary>The next request is obeyed late.</summary>
    public void DelayNext(TimeSpan delay) => _faults.Enqueue(async context =>
    {
        await Task.Delay(delay, context.RequestAborted);
        return false;
    });

    /// <summary>The next request's connection is cut without an answer; it is not obeyed.</summary>
    public void DropNext() => _faults.Enqueue(context =>
    {
        context.Abort();
        return Task.FromResult(true);
    });

    public async ValueTask DisposeAsync()
    {
        using var impatient = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await _app.StopAsync(impatient.Token);
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        Interlocked.Increment(ref _requests);
        if (_faults.TryDequeue(out var fault) && await fault(context))
        {
            return;
        }

        if (!IsAuthorized(context.Request))
        {
            await RefuseAsync(context, 401, "MissingToken: The token is missing, malformed or signed with another key.");
            return;
        }

        var path = context.Request.Path.Value!.Trim('/');
        var cut = path.LastIndexOf("/messages", StringComparison.Ordinal);
        if (cut < 0 || !_queues.TryGetValue(path[..cut], out var queue))
        {
            await RefuseAsync(context, 404, $"The messaging entity '{path}' could not be found.");
            return;
        }

        var rest = path[(cut + "/messages".Length)..].Trim('/').Split('/', StringSplitOptions.RemoveEmptyEntries);
        var answer = (context.Request.Method, rest) switch
        {
            ("POST", []) => SendAsync(context, queue),
            ("POST", ["head"]) => ReceiveAsync(context, queue, queue.Lock, 201),
            ("DELETE", ["head"]) => ReceiveAsync(context, queue, queue.Remove, 200),
            ("DELETE", [var name, var token]) => SettleAsync(context, queue.Complete(name, token)),
            ("PUT", [var name, var token]) => SettleAsync(context, queue.Unlock(name, token)),
            ("POST", [var name, var token]) => RenewAsync(context, queue.Renew(name, token)),
            _ => RefuseAsync(context, 405, "The specified HTTP verb is not valid."),
        };
        await answer;
    }

    private static async Task SendAsync(HttpContext context, ServiceBusHttpQueue queue)
    {
        var broker = new Dictionary<string, object?>();
        if (context.Request.Headers.TryGetValue("BrokerProperties", out var header))
        {
            using var document = JsonDocument.Parse(header.ToString());
            foreach (var property in document.RootElement.EnumerateObject())
            {
                broker[property.Name] = property.Value.ValueKind == JsonValueKind.Number ? property.Value.GetDouble() : property.Value.GetString();
            }
        }

        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        queue.Add(
            broker.GetValueOrDefault("MessageId") as string ?? Guid.NewGuid().ToString("N"),
            body.ToArray(),
            context.Request.ContentType,
            broker.GetValueOrDefault("ScheduledEnqueueTimeUtc") is string text ? DateTimeOffset.Parse(text, CultureInfo.InvariantCulture) : default,
            broker.GetValueOrDefault("TimeToLive") is double seconds ? TimeSpan.FromSeconds(seconds) : null,
            broker,
            context.Request.Headers.Where(pair => !Protocol.Contains(pair.Key)).ToDictionary(pair => pair.Key, pair => pair.Value.ToString()));
        context.Response.StatusCode = 201;
    }

    /// <summary>Holds the request as long as its `timeout` says, in seconds of the wall clock (60 without one).</summary>
    private static async Task ReceiveAsync(HttpContext context, ServiceBusHttpQueue queue, Func<ServiceBusHttpMessage?> take, int status)
    {
        var seconds = int.TryParse(context.Request.Query["timeout"], out var asked) ? asked : 60;
        var waited = Stopwatch.StartNew();
        ServiceBusHttpMessage? message;
        while ((message = take()) is null && waited.Elapsed.TotalSeconds < seconds)
        {
            await Task.Delay(10, context.RequestAborted);
        }

        if (message is null)
        {
            context.Response.StatusCode = 204;
            return;
        }

        context.Response.StatusCode = status;
        context.Response.ContentType = message.ContentType;
        context.Response.Headers["BrokerProperties"] = Describe(message);
        context.Response.Headers.Location = $"{context.Request.Path.Value![..^"head".Length]}{message.SequenceNumber}/{message.LockToken}";
        foreach (var (name, value) in message.Custom)
        {
            context.Response.Headers[name] = new StringValues(value);
        }

        await context.Response.Body.WriteAsync(message.Body, context.RequestAborted);
    }

    private static Task SettleAsync(HttpContext context, bool held) => held ? Task.CompletedTask : LostAsync(context);

    private static Task RenewAsync(HttpContext context, ServiceBusHttpMessage? message)
    {
        if (message is null)
        {
            return LostAsync(context);
        }

        context.Response.Headers["BrokerProperties"] = Describe(message);
        return Task.CompletedTask;
    }

    private static Task LostAsync(HttpContext context) =>
        RefuseAsync(context, 404, "The lock supplied is invalid. Either the lock expired, or the message has already been removed from the queue.");

    private static Task RefuseAsync(HttpContext context, int status, string detail)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/xml; charset=utf-8";
        return context.Response.WriteAsync($"<Error><Code>{status}</Code><Detail>{detail}</Detail></Error>", context.RequestAborted);
    }

    private static string Describe(ServiceBusHttpMessage message)
    {
        var broker = new Dictionary<string, object?>(message.Broker)
        {
            ["MessageId"] = message.MessageId,
            ["SequenceNumber"] = message.SequenceNumber,
            ["DeliveryCount"] = message.DeliveryCount,
            ["EnqueuedTimeUtc"] = message.EnqueuedAt.UtcDateTime.ToString("R", CultureInfo.InvariantCulture),
            ["State"] = "Active",
        };
        if (message.LockToken is not null)
        {
            broker["LockToken"] = message.LockToken;
            broker["LockedUntilUtc"] = message.LockedUntil.UtcDateTime.ToString("R", CultureInfo.InvariantCulture);
        }

        return JsonSerializer.Serialize(broker);
    }

    private static bool IsAuthorized(HttpRequest request)
    {
        const string Scheme = "SharedAccessSignature ";
        var header = request.Headers.Authorization.ToString();
        if (!header.StartsWith(Scheme, StringComparison.Ordinal))
        {
            return false;
        }

        var parts = header[Scheme.Length..].Split('&').Select(part => part.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        var signed = HMACSHA256.HashData(Encoding.UTF8.GetBytes(Key), Encoding.UTF8.GetBytes($"{parts["sr"]}\n{parts["se"]}"));
        return parts["skn"] == KeyName
            && Uri.UnescapeDataString(parts["sig"]) == Convert.ToBase64String(signed)
            && long.Parse(parts["se"], CultureInfo.InvariantCulture) > DateTimeOffset.UtcNow.ToUnixTimeSeconds()
            && Uri.UnescapeDataString(parts["sr"]).Contains(request.Host.Value!, StringComparison.Ordinal);
    }
}
