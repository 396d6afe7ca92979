using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace ReidCloud.Tests.Testing;

/// <summary>
/// A way to the emulator's blobs and queues on which requests can meet faults: rules say which and what, and the last one that was set goes first. Without
/// rules everything passes as it is; signatures stay valid because they do not cover the host. Requests of any system can be told apart by its prefix, but a
/// proxy belongs to one test.
/// </summary>
public sealed class FaultyStorage : IAsyncDisposable
{
    /// <summary>Below the ports that the system gives to anyone who connects: while this one does not listen, nobody else takes its place.</summary>
    private const int FirstPort = 20_000;
    private const int LastPort = 32_000;

    /// <summary>Node closes what has been idle for five seconds; a request on its way then would fail for no reason of the test's.</summary>
    private static readonly TimeSpan IdleConnection = TimeSpan.FromSeconds(2);

    private static readonly HashSet<string> NotForwarded = new(StringComparer.OrdinalIgnoreCase) { "Connection", "Keep-Alive", "Transfer-Encoding" };

    private readonly AzuriteFixture _azurite;
    private readonly string _blobs;
    private readonly string _queues;
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        ActivityHeadersPropagator = null,
        AllowAutoRedirect = false,
        PooledConnectionIdleTimeout = IdleConnection,
        UseCookies = false,
        UseProxy = false,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<StorageFault, int> _injected = new();
    private IReadOnlyList<StorageRule> _rules = [];
    private WebApplication? _app;
    private int _blobPort;
    private int _requests;

    private FaultyStorage(AzuriteFixture azurite, string connection)
    {
        _azurite = azurite;
        var parts = connection.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(part => part.Split('=', 2)).ToDictionary(part => part[0], part => part[1]);
        (_blobs, _queues) = (Authority(parts["BlobEndpoint"]), Authority(parts["QueueEndpoint"]));
    }

    /// <summary>Requests that arrived, whatever became of them.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>How often each fault was met.</summary>
    public IReadOnlyDictionary<StorageFault, int> Injected => _injected;

    private int QueuePort => _blobPort + 1;

    public static async Task<FaultyStorage> StartAsync(AzuriteFixture azurite)
    {
        var proxy = new FaultyStorage(azurite, await azurite.ConnectionAsync());
        for (var tries = 0; ; tries++)
        {
            proxy._blobPort = RandomNumberGenerator.GetInt32(FirstPort / 2, LastPort / 2) * 2;
            try
            {
                await proxy.ListenAsync();
                return proxy;
            }
            catch (IOException) when (tries < 20)
            {
                // Somebody listens there.
            }
        }
    }

    /// <summary>Options of a system of its own whose requests pass here.</summary>
    public async Task<ReidCloudOptions> NewSystemAsync() => Through(await _azurite.NewSystemAsync());

    /// <summary>The same system, reached through here: a test may look past the faults with the options that it has.</summary>
    public ReidCloudOptions Through(ReidCloudOptions direct)
    {
        var through = new ReidCloudOptions();
        foreach (var option in typeof(ReidCloudOptions).GetProperties())
        {
            option.SetValue(through, option.GetValue(direct));
        }

        through.StorageConnection = direct.StorageConnection!
            .Replace(_blobs, $"http://127.0.0.1:{_blobPort}", StringComparison.Ordinal)
            .Replace(_queues, $"http://127.0.0.1:{QueuePort}", StringComparison.Ordinal);
        return through;
    }

    /// <summary>From now on these requests meet this fault: all where nothing is said, and as long as the rule is not disposed of.</summary>
    public StorageRule Set(StorageFault fault, Func<StorageRequest, bool>? which = null, int times = int.MaxValue) => Add(new(fault, which ?? (_ => true), times, null, null));

    /// <summary>Does something, once, before the next such request is forwarded; the request waits for it, and then meets the fault if there is one.</summary>
    public StorageRule When(Func<StorageRequest, bool> which, Action<StorageRequest> act, StorageFault? then = null) => Add(new(then ?? StorageFault.None, which, 1, act, null));

    /// <summary>Does something, once, when the storage has done the next such request and the client does not know it yet.</summary>
    public StorageRule WhenDone(Func<StorageRequest, bool> which, Action<StorageRequest> act, StorageFault? then = null) => Add(new(then ?? StorageFault.None, which, 1, null, act));

    /// <summary>Hears of every request when it comes and when the storage has done it. Rules that are set later go first.</summary>
    public StorageRule Watch(Action<StorageRequest> comes, Action<StorageRequest> done) => Add(new(StorageFault.None, _ => true, int.MaxValue, comes, done));

    /// <summary>Ends every rule, and goes on with what hangs.</summary>
    public void Clear()
    {
        foreach (var rule in _rules)
        {
            rule.Dispose();
        }
    }

    /// <summary>Cuts all connections and refuses new ones: no process listens there any more.</summary>
    public async Task RefuseAsync()
    {
        if (_app is { } app)
        {
            _app = null;
            await app.StopAsync(new CancellationToken(canceled: true));
            await app.DisposeAsync();
        }
    }

    /// <summary>Listens again, at the same address.</summary>
    public async Task ListenAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(IPAddress.Loopback, _blobPort);
            kestrel.Listen(IPAddress.Loopback, QueuePort);
        });
        var app = builder.Build();
        app.Run(AnswerAsync);
        try
        {
            await app.StartAsync();
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        _app = app;
    }

    public async ValueTask DisposeAsync()
    {
        Clear();
        await RefuseAsync();
        _http.Dispose();
    }

    private static string Authority(string endpoint) => new Uri(endpoint).GetLeftPart(UriPartial.Authority);

    private StorageRule Add(StorageRule rule)
    {
        lock (_gate)
        {
            _rules = [rule, .. _rules];
        }

        return rule;
    }

    private async Task AnswerAsync(HttpContext context)
    {
        Interlocked.Increment(ref _requests);
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var request = new StorageRequest(context.Request, target, isQueue: context.Connection.LocalPort == QueuePort);
        var rule = Volatile.Read(ref _rules).FirstOrDefault(rule => rule.Takes(request));
        rule?.Before?.Invoke(request);
        var fault = rule?.Fault ?? StorageFault.None;
        if (fault != StorageFault.None)
        {
            _injected.AddOrUpdate(fault, 1, (_, count) => count + 1);
        }

        switch (fault)
        {
            case StorageFault.Refused refused:
                context.Response.StatusCode = refused.Status;
                context.Response.Headers["x-ms-error-code"] = refused.Code;
                if (request.Method != "HEAD")
                {
                    context.Response.ContentType = "application/xml";
                    await context.Response.WriteAsync($"<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>{refused.Code}</Code><Message>As the test asked.</Message></Error>");
                }

                return;
            case StorageFault.Unsent:
                context.Abort();
                return;
            case StorageFault.Hung:
                using (var over = CancellationTokenSource.CreateLinkedTokenSource(rule!.Ended, context.RequestAborted))
                {
                    await Task.Delay(Timeout.Infinite, over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }

                context.RequestAborted.ThrowIfCancellationRequested();
                break;
            case StorageFault.HeldBack:
                var body = new MemoryStream();
                await context.Request.Body.CopyToAsync(body);
                context.Abort();
                (body.Position, context.Request.Body) = (0, body);
                await Task.Delay(Timeout.Infinite, rule!.Ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                break;
            case StorageFault.Delayed delayed:
                await Task.Delay(delayed.Delay, context.RequestAborted);
                break;
        }

        // What has gone out is done, even if the client is gone: a network does not call requests back.
        using var answer = await ForwardAsync(context, request.IsQueue ? _queues : _blobs, target);
        rule?.After?.Invoke(request);
        if (fault is StorageFault.Unanswered or StorageFault.HeldBack)
        {
            context.Abort();
            return;
        }

        await ReturnAsync(context, answer);
    }

    private async Task<HttpResponseMessage> ForwardAsync(HttpContext context, string upstream, string target)
    {
        // As it came: what is escaped and how is part of the signature.
        var address = new Uri(upstream + target, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), address);
        if (context.Request.ContentLength is { } length)
        {
            request.Content = length == 0 ? new ByteArrayContent([]) : new StreamContent(context.Request.Body);
        }

        foreach (var (name, values) in context.Request.Headers)
        {
            if (!NotForwarded.Contains(name) && !request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }

        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, CancellationToken.None);
    }

    private static async Task ReturnAsync(HttpContext context, HttpResponseMessage answer)
    {
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.NonValidated.Concat(answer.Content.Headers.NonValidated))
        {
            if (!NotForwarded.Contains(name))
            {
                context.Response.Headers[name] = values.ToArray();
            }
        }

        await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}
