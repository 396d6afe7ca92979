using Azure.Messaging.ServiceBus;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Standins;

public sealed class ServiceBusSenderTests : IAsyncLifetime
{
    private readonly ManualClock _time = new();
    private ServiceBusHttpServer _server = null!;
    private ServiceBusClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await ServiceBusHttpServer.StartAsync(_time, "runs");
        _client = Client(TimeSpan.FromSeconds(5));
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task Tries_again_when_the_service_is_in_trouble(int status)
    {
        _server.FailNext(2, status);
        await SendAsync(_client);

        Assert.Equal(3, _server.Requests);
        Assert.Equal(1, _server.Queue("runs").Count);
    }

    [Fact]
    public async Task Tries_again_when_the_connection_breaks()
    {
        _server.DropNext();
        await SendAsync(_client);

        Assert.Equal(1, _server.Queue("runs").Count);
    }

    [Fact]
    public async Task Gives_up_after_as_many_tries_as_allowed()
    {
        _server.FailNext(3, 503);
        var exception = await Assert.ThrowsAsync<ServiceBusException>(() => SendAsync(_client));

        Assert.Equal(ServiceBusFailureReason.ServiceBusy, exception.Reason);
        Assert.True(exception.IsTransient);
        Assert.Equal(3, _server.Requests);
    }

    [Fact]
    public async Task A_service_that_does_not_answer_in_time_times_out()
    {
        await using var hasty = Client(TimeSpan.FromMilliseconds(100), retries: 0);
        _server.DelayNext(TimeSpan.FromSeconds(10));
        var exception = await Assert.ThrowsAsync<ServiceBusException>(() => SendAsync(hasty));

        Assert.Equal(ServiceBusFailureReason.ServiceTimeout, exception.Reason);
    }

    [Fact]
    public async Task An_unreachable_service_is_a_communication_problem()
    {
        await _server.DisposeAsync();
        var exception = await Assert.ThrowsAsync<ServiceBusException>(() => SendAsync(_client));

        Assert.Equal(ServiceBusFailureReason.ServiceCommunicationProblem, exception.Reason);
        Assert.True(exception.IsTransient);
    }

    [Fact]
    public async Task A_queue_that_does_not_exist_is_not_tried_again()
    {
        var exception = await Assert.ThrowsAsync<ServiceBusException>(
            () => _client.CreateSender("nowhere").SendMessageAsync(new ServiceBusMessage("x")));

        Assert.Equal(ServiceBusFailureReason.MessagingEntityNotFound, exception.Reason);
        Assert.Equal("nowhere", exception.EntityPath);
        Assert.Equal(1, _server.Requests);
    }

    [Fact]
    public async Task A_wrong_key_is_unauthorized()
    {
        await using var stranger = new ServiceBusClient(_server.ConnectionString.Replace("SharedAccessKey=", "SharedAccessKey=x"));

        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => SendAsync(stranger));
    }

    [Fact]
    public async Task A_scheduled_message_waits_for_its_time()
    {
        await _client.CreateSender("runs").SendMessageAsync(
            new ServiceBusMessage("x") { ScheduledEnqueueTime = _time.GetUtcNow() + TimeSpan.FromMinutes(5) });
        var receiver = _client.CreateReceiver("runs");

        Assert.Null(await receiver.ReceiveMessageAsync(TimeSpan.FromSeconds(1)));
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.NotNull(await receiver.ReceiveMessageAsync(TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task A_message_past_its_time_to_live_is_not_delivered()
    {
        await _client.CreateSender("runs").SendMessageAsync(new ServiceBusMessage("x") { TimeToLive = TimeSpan.FromMinutes(1) });
        _time.Advance(TimeSpan.FromMinutes(2));

        Assert.Null(await _client.CreateReceiver("runs").ReceiveMessageAsync(TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task Refuses_to_send_once_closed()
    {
        var sender = _client.CreateSender("runs");
        await sender.DisposeAsync();
        Assert.True(sender.IsClosed);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => sender.SendMessageAsync(new ServiceBusMessage("x")));

        var other = _client.CreateSender("runs");
        await _client.DisposeAsync();
        Assert.True(_client.IsClosed);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => other.SendMessageAsync(new ServiceBusMessage("x")));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("Endpoint=sb://localhost")]
    [InlineData("SharedAccessKeyName=a;SharedAccessKey=b")]
    public void A_malformed_connection_string_is_refused(string text) => Assert.Throws<FormatException>(() => new ServiceBusClient(text));

    [Fact]
    public void A_connection_string_for_one_queue_serves_no_other()
    {
        var client = new ServiceBusClient($"{_server.ConnectionString};EntityPath=runs");

        Assert.Equal("runs", client.CreateSender("runs").EntityPath);
        Assert.Throws<ArgumentException>(() => client.CreateSender("other"));
    }

    private ServiceBusClient Client(TimeSpan tryTimeout, int retries = 2) => new(_server.ConnectionString, new ServiceBusClientOptions
    {
        RetryOptions = new ServiceBusRetryOptions { Delay = TimeSpan.FromMilliseconds(5), MaxRetries = retries, TryTimeout = tryTimeout },
    });

    private static Task SendAsync(ServiceBusClient client) => client.CreateSender("runs").SendMessageAsync(new ServiceBusMessage("x"));
}
