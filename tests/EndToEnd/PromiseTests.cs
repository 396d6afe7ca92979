using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using ReidCloud.Reports;
using ReidCloud.Runs;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.EndToEnd;

/// <summary>
/// README's table of what a run survives, one test a cell. Each row's story is played once (<see cref="PromiseStories"/>), and each cell is held against what
/// the run's status and events then say. A row without a story, a story without a row and a cell in words that mean nothing fail.
/// </summary>
[Collection(RunnersCollection.Name)]
public sealed partial class PromiseTests(AzuriteFixture azurite)
{
    private const string Heading = "| what happens |";
    private static readonly ConcurrentDictionary<string, Lazy<Task<PromiseStory>>> Told = new();

    public static TheoryData<string> Rows => [.. Table().Select(row => row[0])];

    [Fact]
    public void Every_row_has_its_story() => Assert.Equal(PromiseStories.All.Keys.Order(), Table().Select(row => row[0]).Order());

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Whether_it_is_tried_again(string row)
    {
        var story = await StoryAsync(row);

        switch (Cell(row, 1))
        {
            case "yes":
                Assert.Equal(RunState.Succeeded, story.End.State);
                Assert.InRange(story.End.Attempt, 2, int.MaxValue);
                Assert.False(story.AskedAgain, "by itself");
                break;
            case "not needed":
                Assert.Equal((RunState.Succeeded, 1), (story.End.State, story.End.Attempt));
                break;
            case "no":
                Assert.True(story.Interrupted.IsFinal);
                Assert.NotEqual(RunState.Succeeded, story.Interrupted.State);
                Assert.False(story.NudgedWhenOver, "nobody takes it up unasked");
                break;
            case var cell:
                Assert.Fail($"'{cell}' is none of: yes, no, not needed");
                break;
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Whether_it_counts_as_an_attempt(string row)
    {
        var story = await StoryAsync(row);

        Assert.Contains(Cell(row, 2), new[] { "yes", "no" });
        Assert.Equal(Cell(row, 2) == "yes", Math.Max(story.Interrupted.BrokenOff(), story.End.BrokenOff()) > 0);
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task From_where_it_goes_on(string row)
    {
        var story = await StoryAsync(row);
        var cell = Cell(row, 3);

        Assert.Equal(story.AskedAgain, cell.StartsWith("`reid retry`: ", StringComparison.Ordinal));
        var resumed = story.Events.LastOrDefault(happened => happened.Kind == RunEventKind.Resumed) is { } at ? ((int, int)?)(at.Epoch!.Value, at.Step!.Value) : null;
        var kept = story.Interrupted.Checkpoint is { } last ? ((int, int)?)(last.Epoch, last.Step) : null;
        switch (cell.Replace("`reid retry`: ", "", StringComparison.Ordinal))
        {
            case "the last checkpoint":
                Assert.NotNull(kept);
                Assert.Equal((kept, 0), (resumed, kept.Value.Item2));
                break;
            case "the last step":
                Assert.False(story.HasPeriodicCheckpoints, "what was kept was kept for the occasion");
                Assert.NotNull(kept);
                Assert.Equal(kept, resumed);
                break;
            case "the checkpoint before":
                Assert.Equal(story.Interrupted.OlderCheckpoints[0].Epoch, resumed!.Value.Item1);
                break;
            case "where it is" or "the start":
                Assert.Null(resumed);
                break;
            case var words:
                Assert.Fail($"'{words}' is no place to go on from");
                break;
        }
    }

    /// <summary>What stands in code type in that cell stands in the status or in the events, too.</summary>
    [Theory]
    [MemberData(nameof(Rows))]
    public async Task What_is_to_be_seen(string row)
    {
        var story = await StoryAsync(row);

        var words = Code().Matches(Cell(row, 4)).Select(match => match.Groups[1].Value).ToList();
        Assert.NotEmpty(words);
        Assert.All(words, word => Assert.Contains(word, story.Shown, StringComparison.Ordinal));
    }

    private Task<PromiseStory> StoryAsync(string row) =>
        Told.GetOrAdd(row, _ => new Lazy<Task<PromiseStory>>(() => PromiseStories.All[row](azurite))).Value;

    private static string Cell(string row, int column) => Table().Single(cells => cells[0] == row)[column];

    private static IReadOnlyList<string[]> Table()
    {
        var rows = File.ReadLines(Path.Combine(RepositoryRoot.Path, "README.md"))
            .SkipWhile(line => !line.StartsWith(Heading, StringComparison.Ordinal)).Skip(2).TakeWhile(line => line.StartsWith('|'));
        return [.. rows.Select(line => line.Trim().Trim('|').Split('|', StringSplitOptions.TrimEntries))];
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();
}
