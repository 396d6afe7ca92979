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
        await using var hasty = new StorageRunQueue(_storage!.Queue, invisible: TimeSpan.FromSeconds(1));
        await hasty.SendAsync(run, CancellationToken.None);
        var lost = await hasty.ReceiveAsync(Soon, CancellationToken.None);

        var again = await hasty.ReceiveAsync(Soon, CancellationToken.None);

        Assert.Equal(run, again!.Run);
        Assert.False(await lost!.CompleteAsync(CancellationToken.None));
        Assert.True(await again.CompleteAsync(CancellationToken.None));
    }
}
