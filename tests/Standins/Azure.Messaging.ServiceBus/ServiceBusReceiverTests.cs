using Azure.Messaging.ServiceBus;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Standins;

public sealed class ServiceBusReceiverTests : IAsyncLifetime
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly ManualClock _time = new();
    private ServiceBusHttpServer _server = null!;
    private ServiceBusClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await ServiceBusHttpServer.StartAsync(_time, "runs");
        _client = new ServiceBusClient(_server.ConnectionString, new ServiceBusClientOptions
        {
            RetryOptions = new ServiceBusRetryOptions { Delay = TimeSpan.FromMilliseconds(5), MaxRetries = 2, TryTimeout = TimeSpan.FromSeconds(5) },
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Delivers_what_was_sent_with_all_its_properties()
    {
        var sent = new ServiceBusMessage("héllo")
        {
            MessageId = "a/b c?é",
            CorrelationId = "x",
            Subject = "nudge",
            ContentType = "text/plain",
            TimeToLive = TimeSpan.FromHours(2),
            ApplicationProperties = { ["attempt"] = 3L, ["why"] = "stalled", ["rate"] = 0.5, ["late"] = true },
        };
        await _client.CreateSender("runs").SendMessageAsync(sent);

        var received = await ReceiveAsync();

        Assert.Equal("héllo", received.Body.ToString());
        Assert.Equal("a/b c?é", received.MessageId);
        Assert.Equal("x", received.CorrelationId);
        Assert.Equal("nudge", received.Subject);
        Assert.Equal("text/plain", received.ContentType);
        Assert.Equal(TimeSpan.FromHours(2), received.TimeToLive);
        Assert.Equal(3L, received.ApplicationProperties["attempt"]);
        Assert.Equal("stalled", received.ApplicationProperties["why"]);
        Assert.Equal(0.5, received.ApplicationProperties["rate"]);
        Assert.Equal(true, received.ApplicationProperties["late"]);
        Assert.Equal(4, received.ApplicationProperties.Count);
        Assert.Equal(1, received.SequenceNumber);
        Assert.Equal(1, received.DeliveryCount);
        Assert.Equal(_time.GetUtcNow(), received.EnqueuedTime);
        Assert.Equal(_time.GetUtcNow() + TimeSpan.FromMinutes(1), received.LockedUntil);
    }

    [Fact]
    public async Task Answers_null_when_nothing_comes_in_time()
    {
        Assert.Null(await _client.CreateReceiver("runs").ReceiveMessageAsync(TimeSpan.FromMilliseconds(200)));
    }

    [Fact]
    public async Task Waits_for_a_message_that_comes_later()
    {
        var waiting = _client.CreateReceiver("runs").ReceiveMessageAsync(TimeSpan.FromSeconds(20));
        await _client.CreateSender("runs").SendMessageAsync(new ServiceBusMessage("late"));

        Assert.Equal("late", (await waiting)!.Body.ToString());
    }

    [Fact]
    public async Task A_locked_message_is_invisible_and_a_completed_one_gone()
    {
        await SendAsync();
        await using var receiver = _client.CreateReceiver("runs");
        var message = await ReceiveAsync();

        Assert.Null(await receiver.ReceiveMessageAsync(Second));
        await receiver.CompleteMessageAsync(message);

        Assert.Equal(0, _server.Queue("runs").Count);
    }

    [Fact]
    public async Task An_abandoned_message_comes_back_at_once_and_counts()
    {
        await SendAsync();
        await _client.CreateReceiver("runs").AbandonMessageAsync(await ReceiveAsync());

        Assert.Equal(2, (await ReceiveAsync()).DeliveryCount);
    }

    [Fact]
    public async Task A_message_whose_lock_ran_out_cannot_be_completed_and_comes_back()
    {
        await SendAsync();
        var message = await ReceiveAsync();
        _time.Advance(TimeSpan.FromSeconds(61));

        var exception = await Assert.ThrowsAsync<ServiceBusException>(() => _client.CreateReceiver("runs").CompleteMessageAsync(message));

        Assert.Equal(ServiceBusFailureReason.MessageLockLost, exception.Reason);
        Assert.False(exception.IsTransient);
        Assert.Equal(2, (await ReceiveAsync()).DeliveryCount);
    }

    [Fact]
    public async Task A_renewed_lock_holds_longer_and_says_until_when()
    {
        await SendAsync();
        var receiver = _client.CreateReceiver("runs");
        var message = await ReceiveAsync();
        _time.Advance(TimeSpan.FromSeconds(50));
        await receiver.RenewMessageLockAsync(message);
        _time.Advance(TimeSpan.FromSeconds(50));

        Assert.Equal(_time.GetUtcNow() + TimeSpan.FromSeconds(10), message.LockedUntil);
        await receiver.CompleteMessageAsync(message);
        Assert.Equal(0, _server.Queue("runs").Count);
    }

    [Fact]
    public async Task A_message_delivered_too_often_moves_to_the_dead_letter_queue()
    {
        _server.Queue("runs").MaxDeliveryCount = 2;
        await SendAsync();
        var receiver = _client.CreateReceiver("runs");
        await receiver.AbandonMessageAsync(await ReceiveAsync());
        await receiver.AbandonMessageAsync(await ReceiveAsync());

        Assert.Null(await receiver.ReceiveMessageAsync(Second));
        var dead = _client.CreateReceiver("runs", new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter });
        Assert.Equal("x", (await dead.ReceiveMessageAsync(Second))!.Body.ToString());
    }

    [Fact]
    public async Task Receive_and_delete_leaves_nothing_behind()
    {
        await SendAsync();
        var receiver = _client.CreateReceiver("runs", new ServiceBusReceiverOptions { ReceiveMode = ServiceBusReceiveMode.ReceiveAndDelete });

        Assert.Equal("x", (await receiver.ReceiveMessageAsync(Second))!.Body.ToString());
        Assert.Equal(0, _server.Queue("runs").Count);
    }

    [Fact]
    public async Task Gives_up_waiting_when_cancelled()
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => _client.CreateReceiver("runs").ReceiveMessageAsync(TimeSpan.FromSeconds(30), stop.Token));
    }

    [Fact]
    public async Task Says_that_a_queue_does_not_exist()
    {
        var exception = await Assert.ThrowsAsync<ServiceBusException>(() => _client.CreateReceiver("nowhere").ReceiveMessageAsync(Second));

        Assert.Equal(ServiceBusFailureReason.MessagingEntityNotFound, exception.Reason);
        Assert.Contains("nowhere", exception.Message);
    }

    [Fact]
    public async Task Refuses_what_the_protocol_cannot_do()
    {
        await SendAsync();
        var message = await ReceiveAsync();

        await Assert.ThrowsAsync<NotSupportedException>(() => _client.CreateReceiver("runs").DeadLetterMessageAsync(message, "bad"));
        Assert.Throws<NotSupportedException>(() => _client.CreateReceiver("runs", new ServiceBusReceiverOptions { PrefetchCount = 1 }));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => _client.CreateReceiver("runs").ReceiveMessageAsync(TimeSpan.Zero));
    }

    private Task SendAsync() => _client.CreateSender("runs").SendMessageAsync(new ServiceBusMessage("x"));

    private async Task<ServiceBusReceivedMessage> ReceiveAsync() =>
        await _client.CreateReceiver("runs").ReceiveMessageAsync(Second) ?? throw new InvalidOperationException("no message came");
}
