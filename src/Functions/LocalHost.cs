using System.Net.Sockets;
using Azure;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ReidCloud.Functions.Api;
using ReidCloud.Functions.Local;

namespace ReidCloud.Functions;

/// <summary>How <see cref="LocalHost"/> starts. Port 0 takes a free one. <see cref="Values"/> win over the environment and settings files.</summary>
internal sealed record LocalHostOptions(int Port = LocalHost.DefaultPort)
{
    public string Address { get; init; } = "127.0.0.1";

    public IReadOnlyDictionary<string, string?> Values { get; init; } = new Dictionary<string, string?>();

    /// <summary>What callers must show; beyond this machine there must be one.</summary>
    public string? Key { get; init; }

    /// <summary>Where its log goes: nowhere, unless told.</summary>
    public Action<ILoggingBuilder> Log { get; init; } = _ => { };
}

/// <summary>
/// The Functions app on Kestrel: the same function classes, mapped from their trigger attributes, on the port of the Functions tools. It listens to this
/// machine only, where no key is demanded; told to listen further, it demands one.
/// </summary>
internal sealed class LocalHost : IAsyncDisposable
{
    public const int DefaultPort = 7071;
    private const string PortVariable = "REIDCLOUD_FUNCTIONS_PORT";
    private const string AddressVariable = "REIDCLOUD_FUNCTIONS_ADDRESS";
    private readonly WebApplication _app;

    private LocalHost(WebApplication app) => _app = app;

    /// <summary>Where it listens, with the port that was taken.</summary>
    public Uri Address => new(_app.Urls.Single());

    public IServiceProvider Services => _app.Services;

    /// <summary>Runs until it is told to stop. Exit code 0, or 1 with the reason on the error stream.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            await using var host = await StartAsync(Options(args), CancellationToken.None);
            Console.WriteLine($"The API is at {host.Address}api (description: {host.Address}api/openapi.json), the web page at {host.Address}. Ctrl+C stops it.");
            await host._app.WaitForShutdownAsync();
            return 0;
        }
        catch (Exception exception) when (exception is LocalHostException or OptionsException or FormatException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }
    }

    /// <summary>Listening on return.</summary>
    /// <exception cref="LocalHostException">The port cannot be had.</exception>
    public static async Task<LocalHost> StartAsync(LocalHostOptions options, CancellationToken cancellationToken)
    {
        var app = Build(options);
        try
        {
            await app.StartAsync(cancellationToken);
            return new LocalHost(app);
        }
        catch (Exception exception)
        {
            await app.DisposeAsync();
            if (exception is IOException { InnerException: AddressInUseException } or SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse })
            {
                throw LocalHostException.PortTaken(options.Port, exception);
            }

            if (exception is RequestFailedException or AggregateException { InnerException: RequestFailedException })
            {
                throw LocalHostException.StorageOutOfReach(exception);
            }

            if (exception is SocketException socket)
            {
                throw new LocalHostException($"Cannot listen on {options.Address}:{options.Port}: {socket.Message}", socket);
            }

            throw;
        }
    }

    /// <summary>`--port NUMBER --address ADDRESS`, else the environment, else local.settings.json, else the defaults.</summary>
    /// <exception cref="LocalHostException">An argument is not one of these.</exception>
    internal static LocalHostOptions Options(string[] args)
    {
        var given = new Dictionary<string, string?>
        {
            ["--port"] = Environment.GetEnvironmentVariable(PortVariable),
            ["--address"] = Environment.GetEnvironmentVariable(AddressVariable),
        };
        for (var i = 0; i < args.Length; i += 2)
        {
            if (!given.ContainsKey(args[i]) || i + 1 == args.Length)
            {
                throw new LocalHostException($"'{args[i]}' is not understood: --port NUMBER and --address ADDRESS are all there is");
            }

            given[args[i]] = args[i + 1];
        }

        return new LocalHostOptions(given["--port"] is { } port ? PortOf(port) : LocalSettings.Load().Port ?? DefaultPort)
        {
            Address = given["--address"] ?? "127.0.0.1",
            Key = Environment.GetEnvironmentVariable(LocalDoor.KeyVariable),
            Log = log => log.AddSimpleConsole(console => console.SingleLine = true),
        };
    }

    public Task StopAsync(CancellationToken cancellationToken) => _app.StopAsync(cancellationToken);

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private static WebApplication Build(LocalHostOptions options)
    {
        var door = new LocalDoor(options.Address, options.Key);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.Sources.Clear();
        builder.Configuration
            .AddInMemoryCollection(LocalSettings.Load().Values)
            .AddEnvironmentVariables()
            .AddInMemoryCollection(options.Values);
        UseEmulatorUnlessTold(builder.Configuration);
        builder.Logging.ClearProviders();
        options.Log(builder.Logging);

        // The exception handler below logs what it handles itself, without secrets.
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("Azure.Core", LogLevel.Warning)
            .AddFilter("Microsoft.AspNetCore.Diagnostics.ExceptionHandlerMiddleware", LogLevel.None)
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);

        var host = options.Address.Contains(':', StringComparison.Ordinal) ? $"[{options.Address}]" : options.Address;
        builder.WebHost.UseUrls($"http://{host}:{options.Port}");
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;

            // No more than JsonBody.MaxBytes is taken; so much is read away, so that a client that is still sending hears why.
            kestrel.Limits.MaxRequestBodySize = 16 * JsonBody.MaxBytes;
        });
        builder.Services.AddRouting();
        builder.Services.AddMvcCore();
        FunctionsServices.Add(builder.Services, builder.Configuration, hostChecksKeys: false);
        builder.Services.AddHostedService<FunctionTimers>();

        var app = builder.Build();
        var rates = app.Services.GetRequiredService<RequestRates>();
        app.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = ExplainFailureAsync });
        app.UseStatusCodePages(context => ExplainStatusAsync(context.HttpContext, rates));
        app.Use((context, next) => door.Refusal(context.Request) is { } refused ? RefuseAsync(context, rates, refused.Status, refused.Why) : next(context));
        app.UseRouting();
        foreach (var function in FunctionScan.Http)
        {
            var isOpen = function.Trigger.AuthLevel == AuthorizationLevel.Anonymous;
            app.MapMethods(function.Path, function.Verbs, context => isOpen || door.Admits(context.Request)
                ? FunctionInvocation.AnswerAsync(function, context)
                : RefuseAsync(context, rates, StatusCodes.Status401Unauthorized, "A key is demanded here: send it as the header x-functions-key (`reid` takes it from REIDCLOUD_KEY).")).WithDisplayName(function.Name);
        }

        return app;
    }

    private static void UseEmulatorUnlessTold(ConfigurationManager configuration)
    {
        const string Connection = $"{ReidCloudOptions.Section}:{nameof(ReidCloudOptions.StorageConnection)}";
        const string Account = $"{ReidCloudOptions.Section}:{nameof(ReidCloudOptions.StorageAccount)}";
        if (string.IsNullOrWhiteSpace(configuration[Connection]) && string.IsNullOrWhiteSpace(configuration[Account]))
        {
            configuration[Connection] = "UseDevelopmentStorage=true";
        }
    }

    private static int PortOf(string text) => int.TryParse(text, out var port) && port is >= 0 and <= 65535
        ? port
        : throw new LocalHostException($"'{text}' is not a port: a number from 0 (any free one) to 65535");

    /// <summary>What went wrong outside of an operation's own frame.</summary>
    private static Task ExplainFailureAsync(HttpContext context) =>
        Answer.Fault(context, context.Features.Get<IExceptionHandlerFeature>()!.Error).ExecuteAsync(context);

    private static Task RefuseAsync(HttpContext context, RequestRates rates, int status, string why) =>
        (rates.Refusal(context, RateOf.Refused) ?? JsonResult.Of(ProblemDocument.Of(status, why) with { Instance = context.Request.Path })).ExecuteAsync(context);

    /// <summary>What the router refuses: no such path, or another method.</summary>
    private static Task ExplainStatusAsync(HttpContext context, RequestRates rates)
    {
        var request = context.Request;
        var detail = context.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => $"There is nothing at {request.Path}. /api/openapi.json describes what there is.",
            StatusCodes.Status405MethodNotAllowed => $"{request.Path} does not answer {request.Method}, only {context.Response.Headers.Allow}.",
            _ => $"The request was refused with status {context.Response.StatusCode}.",
        };
        return RefuseAsync(context, rates, context.Response.StatusCode, detail);
    }
}
