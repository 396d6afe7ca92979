using ReidCloud.Reports;
using ReidCloud.Runs;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Shared.Runs;

public sealed class EventLogTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task Is_read_on_from_where_the_reader_was()
    {
        var system = await StorageSystem.CreateAsync(azurite);
        var run = await system.SubmitAsync(StorageSystem.Teacher);
        var log = system.Store.OpenEvents(run, 1);
        await log.AppendAsync([Note("one"), Note("two")], CancellationToken.None);

        var first = await system.Store.ReadEventsAsync(run, default, CancellationToken.None);
        await log.AppendAsync([Note("three")], CancellationToken.None);
        var second = await system.Store.ReadEventsAsync(run, first.Next, CancellationToken.None);
        var third = await system.Store.ReadEventsAsync(run, second.Next, CancellationToken.None);

        Assert.Equal(["one", "two"], first.Events.Select(happened => happened.Message));
        Assert.Equal(["three"], second.Events.Select(happened => happened.Message));
        Assert.Empty(third.Events);
        Assert.Equal(second.Next, third.Next);
    }

    /// <summary>A reader would ask for ever.</summary>
    [Fact]
    public async Task A_line_longer_than_what_is_read_at_once_is_damage()
    {
        var system = await StorageSystem.CreateAsync(azurite);
        var run = await system.SubmitAsync(StorageSystem.Teacher);
        await system.Store.OpenEvents(run, 1).AppendAsync([Note(new string('n', (1 << 20) + 1))], CancellationToken.None);

        var fault = await Assert.ThrowsAsync<InvalidDataException>(() => system.Store.ReadEventsAsync(run, default, CancellationToken.None));

        Assert.Contains("more than 1048576 bytes", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Goes_on_with_the_next_attempt_where_one_ends()
    {
        var system = await StorageSystem.CreateAsync(azurite);
        var run = await system.SubmitAsync(StorageSystem.Teacher);
        await system.Store.OpenEvents(run, 1).AppendAsync([Note("first attempt")], CancellationToken.None);
        await system.Store.OpenEvents(run, 3).AppendAsync([Note("third attempt")], CancellationToken.None);
        await using (var lease = (await system.Store.ClaimAsync(run, CancellationToken.None))!)
        {
            await lease.WriteAsync(lease.Status with { Attempt = 3 }, CancellationToken.None);
        }

        var first = await system.Store.ReadEventsAsync(run, default, CancellationToken.None);
        var second = await system.Store.ReadEventsAsync(run, first.Next, CancellationToken.None);

        Assert.Equal(["first attempt"], first.Events.Select(happened => happened.Message));
        Assert.Equal(["third attempt"], second.Events.Select(happened => happened.Message));
        Assert.Equal(3, second.Next.Attempt);
    }

    [Fact]
    public async Task Holds_a_line_once_though_the_answer_to_its_writing_was_lost()
    {
        var system = await StorageSystem.CreateAsync(azurite);
        var run = await system.SubmitAsync(StorageSystem.Teacher);
        var log = system.Store.OpenEvents(run, 1);
        await log.AppendAsync([Note("one")], CancellationToken.None);

        // What an append made whose answer was lost: the log finds it when it sends the same events again, with the next ones.
        await system.Store.OpenEvents(run, 1).AppendAsync([Note("two")], CancellationToken.None);
        await log.AppendAsync([Note("two"), Note("three")], CancellationToken.None);
        await log.AppendAsync([Note("four")], CancellationToken.None);

        var all = await system.Store.ReadEventsAsync(run, default, CancellationToken.None);
        Assert.Equal(["one", "two", "three", "four"], all.Events.Select(happened => happened.Message));
    }

    [Fact]
    public async Task Notices_that_somebody_else_writes_it()
    {
        var system = await StorageSystem.CreateAsync(azurite);
        var run = await system.SubmitAsync(StorageSystem.Teacher);
        var log = system.Store.OpenEvents(run, 1);
        await log.AppendAsync([Note("one")], CancellationToken.None);
        await system.Store.OpenEvents(run, 1).AppendAsync([Note("intruder")], CancellationToken.None);

        await Assert.ThrowsAsync<LeaseLostException>(() => log.AppendAsync([Note("two")], CancellationToken.None));
    }

    [Fact]
    public async Task Delivers_a_long_story_in_pieces()
    {
        var system = await StorageSystem.CreateAsync(azurite);
        var run = await system.SubmitAsync(StorageSystem.Teacher);
        var told = Enumerable.Range(0, 40).Select(i => Note($"{i}: {new string('x', 100_000)}")).ToArray();
        await system.Store.OpenEvents(run, 1).AppendAsync(told, CancellationToken.None);

        var read = (await system.Store.ReadAllEventsAsync(run)).Select(happened => happened.Message);

        Assert.Equal(told.Select(happened => happened.Message), read);
    }

    [Theory]
    [InlineData("2-1234", true)]
    [InlineData("0-0", true)]
    [InlineData("2", false)]
    [InlineData("-1-5", false)]
    [InlineData("1-2-3", false)]
    [InlineData(null, false)]
    public void Knows_a_position_when_it_sees_one(string? text, bool valid)
    {
        Assert.Equal(valid, EventPosition.TryParse(text, out var position));
        Assert.Equal(valid ? text : "0-0", position.ToString());
    }

    private static RunEvent Note(string message) => new(DateTimeOffset.UnixEpoch, RunEventKind.Note) { Message = message };
}
