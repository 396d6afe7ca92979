using ReidCloud.Runs;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Shared.Runs;

public sealed class StorageRunQueueTests(AzuriteFixture azurite) : RunQueueContract
{
    private StorageAccess? _storage;

    private protected override async Task<RunQueue> EmptyAsync()
    {
        _storage = new StorageAccess(await azurite.NewSystemAsync());
        await _storage.CreateAsync(CancellationToken.None);
        return RunQueues.Create(_storage);
    }

    private protected override Task SendTextAsync(string text) => _storage!.Queue.SendMessageAsync(text);

    [Fact]
    public async Task Delivers_again_what_a_dead_receiver_had_taken()
    {
        var run = RunId.Parse("0123456789abcdef0123");
        await using var hasty = new StorageRunQueue(_storage!.Queue, _storage.HighQueue, invisible: TimeSpan.FromSeconds(1));
        await hasty.SendAsync(run, RunPriority.Normal, CancellationToken.None);
        var lost = await hasty.ReceiveAsync(Soon, CancellationToken.None);

        var again = await hasty.ReceiveAsync(Soon, CancellationToken.None);

        Assert.Equal(run, again!.Run);
        Assert.False(await lost!.CompleteAsync(CancellationToken.None));
        Assert.True(await again.CompleteAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Makes_a_queue_again_that_was_deleted()
    {
        var run = RunId.Parse("0123456789abcdef0123");
        await _storage!.Queue.DeleteAsync();
        await _storage.HighQueue.DeleteAsync();

        Assert.Null(await Queue.ReceiveAsync(TimeSpan.Zero, CancellationToken.None));
        await _storage.HighQueue.DeleteAsync();
        Assert.True(await Queue.SendAsync(run, RunPriority.High, CancellationToken.None));

        Assert.Equal(1, await Queue.CountAsync(RunPriority.High, CancellationToken.None));
        Assert.Equal(0, await Queue.CountAsync(RunPriority.Normal, CancellationToken.None));
        Assert.Equal(run, (await Queue.ReceiveAsync(Soon, CancellationToken.None))!.Run);
    }

    [Fact]
    public async Task Fails_nothing_but_a_receiver_when_it_does_not_answer()
    {
        var run = RunId.Parse("0123456789abcdef0123");
        await using var proxy = await FaultyStorage.StartAsync(azurite);
        await using var queue = RunQueues.Create(new StorageAccess(proxy.Through(_storage!.Options)));
        await queue.SendAsync(run, RunPriority.Normal, CancellationToken.None);
        var nudge = (await queue.ReceiveAsync(Soon, CancellationToken.None))!;
        using var away = proxy.Set(StorageFault.Busy, request => request.IsQueue);

        var sent = queue.SendAsync(run, RunPriority.High, CancellationToken.None);
        var completed = nudge.CompleteAsync(CancellationToken.None);
        await nudge.AbandonAsync(CancellationToken.None);
        var fault = await Assert.ThrowsAsync<QueueAwayException>(() => queue.ReceiveAsync(Soon, CancellationToken.None));

        Assert.False(await sent);
        Assert.False(await completed);
        Assert.Contains("runs", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(401, "NoAuthenticationInformation")]
    [InlineData(403, "AuthorizationPermissionMismatch")]
    [InlineData(404, "ResourceNotFound")]
    public async Task Fails_nothing_but_a_receiver_when_it_refuses_and_says_what_is_missing(int status, string code)
    {
        await using var proxy = await FaultyStorage.StartAsync(azurite);
        var system = await StorageSystem.CreateAsync(proxy.Through(_storage!.Options));
        var run = await system.SubmitAsync(StorageSystem.Teacher);
        var nudge = (await system.Queue.ReceiveAsync(Soon, CancellationToken.None))!;
        using var refused = proxy.Set(StorageFault.Answer(status, code), request => request.IsQueue);

        Assert.True((await system.Store.SubmitAsync(StorageSystem.Teacher with { Repeat = 1 }, CancellationToken.None)).Created);
        Assert.False(await system.Queue.SendAsync(run, RunPriority.High, CancellationToken.None));
        Assert.False(await nudge.CompleteAsync(CancellationToken.None));
        await nudge.AbandonAsync(CancellationToken.None);
        var fault = await Assert.ThrowsAsync<QueueAwayException>(() => system.Queue.ReceiveAsync(Soon, CancellationToken.None));
        system.Clock.Advance(TimeSpan.FromMinutes(5));
        var problem = Assert.Single((await system.Stalled.SweepAsync(CancellationToken.None)).Problems);

        Assert.All([fault.Message, problem], words =>
        {
            Assert.Contains(_storage.Queue.Name, words, StringComparison.Ordinal);
            Assert.Contains("'Storage Queue Data Contributor'", words, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task A_receiver_may_begin_with_the_turn_of_the_others()
    {
        await using var queue = RunQueues.Create(_storage!, RunQueue.Turns - 1);
        await queue.SendAsync(RunId.Parse("bbbbbbbbbbbbbbbbbbbb"), RunPriority.High, CancellationToken.None);
        await queue.SendAsync(RunId.Parse("aaaaaaaaaaaaaaaaaaaa"), RunPriority.Normal, CancellationToken.None);

        Assert.Equal("aaaaaaaaaaaaaaaaaaaa", (await queue.ReceiveAsync(Soon, CancellationToken.None))!.Text);
    }
}
