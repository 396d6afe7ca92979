using ReidCloud.Runs;

namespace ReidCloud.Tests.Shared.Runs;

/// <summary>What every queue of nudges promises, whatever carries it. Each queue has a class of its own that says how to make an empty one.</summary>
public abstract class RunQueueContract : IAsyncLifetime
{
    private protected static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);
    private protected static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(300);
    private static readonly RunId Run = RunId.Parse("0123456789abcdef0123");
    private RunQueue? _queue;

    private protected RunQueue Queue => _queue!;

    public async ValueTask InitializeAsync() => _queue = await EmptyAsync();

    public virtual async ValueTask DisposeAsync()
    {
        if (_queue is not null)
        {
            await _queue.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    private protected abstract Task<RunQueue> EmptyAsync();

    /// <summary>Puts any text on the queue, as another program might.</summary>
    private protected abstract Task SendTextAsync(string text);

    [Fact]
    public async Task Delivers_the_run_that_was_sent()
    {
        await Queue.SendAsync(Run, RunPriority.Normal, CancellationToken.None);

        var nudge = await Queue.ReceiveAsync(Soon, CancellationToken.None);

        Assert.Equal(Run, nudge!.Run);
        Assert.True(await nudge.CompleteAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Returns_nothing_when_nothing_came_in_time()
    {
        Assert.Null(await Queue.ReceiveAsync(Moment, CancellationToken.None));
    }

    [Fact]
    public async Task Waits_for_a_nudge_that_comes_later()
    {
        var received = Queue.ReceiveAsync(Soon, CancellationToken.None);
        await Task.Delay(Moment);
        await Queue.SendAsync(Run, RunPriority.Normal, CancellationToken.None);

        var nudge = await received;

        Assert.Equal(Run, nudge!.Run);
        await nudge.CompleteAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Delivers_two_nudges_for_the_same_run()
    {
        await Queue.SendAsync(Run, RunPriority.Normal, CancellationToken.None);
        await Queue.SendAsync(Run, RunPriority.Normal, CancellationToken.None);

        var first = await Queue.ReceiveAsync(Soon, CancellationToken.None);
        var second = await Queue.ReceiveAsync(Soon, CancellationToken.None);

        Assert.Equal(Run, first!.Run);
        Assert.Equal(Run, second!.Run);
        Assert.True(await first.CompleteAsync(CancellationToken.None));
        Assert.True(await second.CompleteAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Hides_a_received_nudge_from_others()
    {
        await Queue.SendAsync(Run, RunPriority.Normal, CancellationToken.None);
        var nudge = await Queue.ReceiveAsync(Soon, CancellationToken.None);

        Assert.Null(await Queue.ReceiveAsync(Moment, CancellationToken.None));

        await nudge!.CompleteAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Delivers_an_abandoned_nudge_again_at_once()
    {
        await Queue.SendAsync(Run, RunPriority.Normal, CancellationToken.None);
        var nudge = await Queue.ReceiveAsync(Soon, CancellationToken.None);
        await nudge!.AbandonAsync(CancellationToken.None);

        var again = await Queue.ReceiveAsync(Soon, CancellationToken.None);

        Assert.Equal(Run, again!.Run);
        await again.CompleteAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Says_that_a_nudge_completed_twice_was_gone()
    {
        await Queue.SendAsync(Run, RunPriority.Normal, CancellationToken.None);
        var nudge = await Queue.ReceiveAsync(Soon, CancellationToken.None);

        Assert.True(await nudge!.CompleteAsync(CancellationToken.None));
        Assert.False(await nudge.CompleteAsync(CancellationToken.None));
        Assert.Null(await Queue.ReceiveAsync(Moment, CancellationToken.None));
    }

    [Fact]
    public async Task Abandoning_what_is_gone_does_no_harm()
    {
        await Queue.SendAsync(Run, RunPriority.Normal, CancellationToken.None);
        var nudge = await Queue.ReceiveAsync(Soon, CancellationToken.None);
        await nudge!.CompleteAsync(CancellationToken.None);

        await nudge.AbandonAsync(CancellationToken.None);

        Assert.Null(await Queue.ReceiveAsync(Moment, CancellationToken.None));
    }

    [Theory]
    [InlineData("hello")]
    [InlineData("0123456789ABCDEF0123")]
    [InlineData("../../0123456789abcd")]
    public async Task Delivers_text_that_names_no_run_without_a_run(string text)
    {
        await SendTextAsync(text);

        var nudge = await Queue.ReceiveAsync(Soon, CancellationToken.None);

        Assert.Null(nudge!.Run);
        Assert.Equal(text, nudge.Text);
        Assert.True(await nudge.CompleteAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Takes_high_priority_first_but_every_fourth_nudge_from_the_others()
    {
        RunId[] normal = [.. Enumerable.Range(1, 3).Select(i => RunId.Parse($"aaaaaaaaaaaaaaaaaaa{i}"))];
        RunId[] high = [.. Enumerable.Range(1, 8).Select(i => RunId.Parse($"bbbbbbbbbbbbbbbbbbb{i}"))];
        foreach (var (priority, runs) in new[] { (RunPriority.Normal, normal), (RunPriority.High, high) })
        {
            foreach (var run in runs)
            {
                Assert.True(await Queue.SendAsync(run, priority, CancellationToken.None));
            }
        }

        var taken = new List<RunId>();
        while (await Queue.ReceiveAsync(TimeSpan.Zero, CancellationToken.None) is { } nudge)
        {
            taken.Add(nudge.Run!.Value);
            await nudge.CompleteAsync(CancellationToken.None);
        }

        Assert.Equal([.. high[..3], normal[0], .. high[3..6], normal[1], .. high[6..], normal[2]], taken);
    }

    [Fact]
    public async Task Stops_waiting_when_told()
    {
        using var stop = new CancellationTokenSource(Moment);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Queue.ReceiveAsync(TimeSpan.FromMinutes(1), stop.Token));
    }
}
