using ReidCloud.GpuRunner.Evaluation;
using ReidCloud.GpuRunner.Insights;
using ReidCloud.Reports;

namespace ReidCloud.Tests.GpuRunner.Insights;

public sealed class RankListChoiceTests
{
    [Theory]
    [InlineData("", "", "", "")]
    [InlineData("5", "0", "", "")]
    [InlineData("5 7", "1", "", "0")]
    [InlineData("- 5 7 -", "2", "", "1")]
    [InlineData("5 7 6", "1", "2", "0")]
    [InlineData("5 5 5", "0", "1", "2")]
    [InlineData("1 2 3 4 5 6", "5 4", "3 2", "0 1")]
    [InlineData("1 2 3 4 5 6 7 8 9 10 11 12", "11 10 9", "7 6 5", "0 1 2")]
    public void Best_median_and_worst_are_by_precision_and_each_query_comes_once(string precisions, string best, string median, string worst)
    {
        var chosen = RankListChoice.Of(Queries(precisions), null);

        Assert.Equal((best, median, worst), (Of(RankListKind.Best), Of(RankListKind.Median), Of(RankListKind.Worst)));
        Assert.Distinct(chosen.Select(choice => choice.Query));

        string Of(RankListKind kind) => string.Join(' ', chosen.Where(choice => choice.Kind == kind).Select(choice => choice.Query));
    }

    [Fact]
    public void Won_and_lost_are_those_that_moved_most()
    {
        var chosen = RankListChoice.Of(Queries("5 5 5 - 5 5 5 5"), Queries("4 6 9 - 5 2 7 6"));

        Assert.Equal([5, 0], chosen.Where(choice => choice.Kind == RankListKind.Won).Select(choice => choice.Query));
        Assert.Equal([2, 6, 1], chosen.Where(choice => choice.Kind == RankListKind.Lost).Select(choice => choice.Query));
    }

    private static QueryFigures?[] Queries(string precisions) =>
        [.. precisions.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(text => text == "-" ? default(QueryFigures?) : new QueryFigures(1, 0, int.Parse(text) / 100.0, 0))];
}
