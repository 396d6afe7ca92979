using ReidCloud.Runs;

namespace ReidCloud.Tests.Shared.Runs;

public sealed class CheckpointRetentionTests
{
    private static readonly RunStatus Fresh = new(RunState.Running, default, default);

    [Theory]
    [InlineData(1, "5")]
    [InlineData(2, "5 4")]
    [InlineData(3, "5 4 3")]
    [InlineData(9, "5 4 3 2 1")]
    public void Keeps_so_many_of_the_last_newest_first(int keep, string expected)
    {
        var status = After(Fresh, keep, null, null, null, null, null);

        Assert.Equal(expected, Names(status));
        Assert.Null(status.BestCheckpoint);
    }

    [Theory]
    [InlineData("5 4 2", "2", 0.1, 0.9, 0.5, null, 0.6)]
    [InlineData("5 4", "5", 0.1, 0.9, 0.5, null, 0.9)]
    [InlineData("5 4", "4", null, null, null, 0.0, null)]
    [InlineData("5 4 1", "1", 0.3, 0.2, 0.1, 0.0, 0.0)]
    public void Keeps_the_best_besides_and_of_equals_the_later(string expected, string best, params object?[] scores)
    {
        var status = After(Fresh, 2, [.. scores.Select(score => (double?)score)]);

        Assert.Equal((expected, best), (Names(status), status.BestCheckpoint!.Blob));
        Assert.Equal(scores.Max(), status.BestCheckpoint.Score);
    }

    [Fact]
    public void A_smaller_number_than_before_lets_the_others_go()
    {
        Assert.Equal("6", Names(After(After(Fresh, 4, null, null, null, null, null), 1, [null], from: 6)));
    }

    [Fact]
    public void The_newest_can_be_measured_later()
    {
        var status = After(Fresh, 2, 0.5, 0.4, null);

        Assert.Equal("3 2", Names(status.WithScore(0.5)));
        Assert.Equal(("3", 0.5), (status.WithScore(0.5).BestCheckpoint!.Blob, status.WithScore(0.5).Checkpoint!.Score));
        Assert.Equal("1", status.WithScore(0.4).BestCheckpoint!.Blob);
        Assert.Equal(status, status.WithScore(null));
        Assert.Equal(Fresh, Fresh.WithScore(0.5));
    }

    [Fact]
    public void One_that_is_damaged_is_forgotten_and_the_one_before_takes_its_place()
    {
        var status = After(Fresh, 2, 0.9, 0.1, 0.2);

        Assert.Equal("2 1", Names(Without(status, "3")));
        Assert.Equal("1", Names(Without(status, "3", "2")));
        Assert.Null(Without(status, "3", "2").Checkpoint);
        Assert.Equal("", Names(Without(status, "3", "2", "1")));
        Assert.Null(Without(status, "1").BestCheckpoint);
    }

    private static RunStatus After(RunStatus status, int keep, params double?[] scores) => After(status, keep, scores, from: 1);

    private static RunStatus After(RunStatus status, int keep, double?[] scores, int from) => scores.Index().Aggregate(
        status, (before, next) => before.WithCheckpoint(new CheckpointPointer($"{from + next.Index}", "", from + next.Index, 0) { Score = next.Item }, keep));

    private static RunStatus Without(RunStatus status, params IEnumerable<string> damaged) =>
        damaged.Aggregate(status, (before, blob) => before.WithoutCheckpoint(before.KeptCheckpoints().Single(kept => kept.Blob == blob)));

    private static string Names(RunStatus status) => string.Join(' ', status.KeptCheckpoints().Select(kept => kept.Blob));
}
