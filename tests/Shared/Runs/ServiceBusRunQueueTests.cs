using System.Reflection;
using System.Text.RegularExpressions;
using Azure.Messaging.ServiceBus;
using ReidCloud.Runs;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Shared.Runs;

/// <summary>
/// Against the queues `runs` and `runs-high` of the namespace or emulator that REIDCLOUD_SERVICEBUS gives the connection string of; without it against a server in
/// this process, where the client that was loaded speaks HTTPS.
/// </summary>
public sealed partial class ServiceBusRunQueueTests : RunQueueContract
{
    private static readonly string? Named = Environment.GetEnvironmentVariable("REIDCLOUD_SERVICEBUS");

    private static readonly bool SpeaksHttps = typeof(ServiceBusClient).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Any(attribute => attribute.Key == "ReidCloud.Standin");

    private ServiceBusHttpServer? _server;
    private string _connection = "";

    private protected override async Task<RunQueue> EmptyAsync()
    {
        var options = new ReidCloudOptions { StorageConnection = "UseDevelopmentStorage=true" };
        if (!string.IsNullOrEmpty(Named))
        {
            _connection = Named;
        }
        else
        {
            Assert.SkipUnless(SpeaksHttps, "the client speaks AMQP: set REIDCLOUD_SERVICEBUS to the connection string of a namespace or emulator with queues `runs` and `runs-high`");
            _server = await ServiceBusHttpServer.StartAsync(TimeProvider.System, options.Queue, RunQueues.Name(options, RunPriority.High));
            _connection = _server.ConnectionString;
        }

        options.ServiceBusConnection = _connection;
        var queue = RunQueues.Create(new StorageAccess(options));
        while (!string.IsNullOrEmpty(Named) && await queue.ReceiveAsync(TimeSpan.FromSeconds(1), CancellationToken.None) is { } leftover)
        {
            await leftover.CompleteAsync(CancellationToken.None);
        }

        return queue;
    }

    [Fact]
    public async Task Fails_nothing_but_a_receiver_when_it_does_not_answer()
    {
        Assert.SkipUnless(_server is not null, "only a server in this process can be ended");
        var run = RunId.Parse("0123456789abcdef0123");
        await Queue.SendAsync(run, RunPriority.Normal, CancellationToken.None);
        var nudge = (await Queue.ReceiveAsync(Soon, CancellationToken.None))!;
        await _server.DisposeAsync();

        Assert.False(await Queue.SendAsync(run, RunPriority.High, CancellationToken.None));
        Assert.False(await nudge.CompleteAsync(CancellationToken.None));
        await nudge.AbandonAsync(CancellationToken.None);
        await Assert.ThrowsAsync<QueueAwayException>(() => Queue.ReceiveAsync(Soon, CancellationToken.None));
    }

    [Fact]
    public async Task Fails_nothing_but_a_receiver_when_it_refuses_and_says_what_is_missing()
    {
        Assert.SkipUnless(_server is not null, "only a server in this process can be given another key");
        var options = new ReidCloudOptions { StorageConnection = "UseDevelopmentStorage=true", ServiceBusConnection = AnotherKey().Replace(_connection, "SharedAccessKey=b3RoZXI=") };
        await using var stranger = RunQueues.Create(new StorageAccess(options));

        Assert.False(await stranger.SendAsync(RunId.Parse("0123456789abcdef0123"), RunPriority.Normal, CancellationToken.None));
        var fault = await Assert.ThrowsAsync<QueueAwayException>(() => stranger.ReceiveAsync(Soon, CancellationToken.None));

        Assert.Contains("'Azure Service Bus Data Receiver'", fault.Message, StringComparison.Ordinal);
    }

    private protected override async Task SendTextAsync(string text)
    {
        await using var client = new ServiceBusClient(_connection);
        await using var sender = client.CreateSender("runs");
        await sender.SendMessageAsync(new ServiceBusMessage(text));
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    [GeneratedRegex("SharedAccessKey=[^;]*")]
    private static partial Regex AnotherKey();
}
