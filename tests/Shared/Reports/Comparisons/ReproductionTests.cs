using ReidCloud.Reports;
using ReidCloud.Reports.Comparisons;
using ReidCloud.Specs;
using static ReidCloud.Tests.Shared.Reports.Comparisons.ComparisonTests;

namespace ReidCloud.Tests.Shared.Reports.Comparisons;

public sealed class ReproductionTests
{
    private static readonly MetricReport First = Outcome(1, 0.5).Report;

    [Fact]
    public void The_same_bytes_and_figures_are_equal()
    {
        var again = Reproduction.Of(First, First with { Run = Id(2), Lineage = First.Lineage with { Attempts = 3 } });

        Assert.Equal((ReproductionVerdict.Equal, true), (again.Verdict, again.SameCheckpoint));
        Assert.Empty(again.Lineages);
    }

    [Theory]
    [InlineData(0.5, ReproductionVerdict.WithinTolerance)]
    [InlineData(0.59, ReproductionVerdict.WithinTolerance)]
    [InlineData(0.61, ReproductionVerdict.Different)]
    public void Other_bytes_are_within_tolerance_as_long_as_figures_are_in_the_first_ones_interval(double figure, ReproductionVerdict verdict)
    {
        var other = First with { Settings = [Metrics(RetrievalSetting.ImageToVideo, figure)], Lineage = First.Lineage with { CheckpointSha256 = "other", Threads = 8 } };

        var again = Reproduction.Of(First, other);

        Assert.Equal((verdict, false), (again.Verdict, again.SameCheckpoint));
        Assert.Equal("$.threads", Assert.Single(again.Lineages).Path);
        Assert.All(again.Figures, one => Assert.Equal(verdict == ReproductionVerdict.WithinTolerance, one.IsWithin));
    }

    [Theory]
    [InlineData(0.5009, true)]
    [InlineData(0.5011, false)]
    public void Without_an_interval_a_tenth_of_a_point_is_near_enough(double figure, bool isNear)
    {
        MetricReport Bare(double value) => First with { Settings = [Metrics(RetrievalSetting.ImageToVideo, value) with { Intervals = null }] };

        Assert.Equal(isNear ? ReproductionVerdict.WithinTolerance : ReproductionVerdict.Different, Reproduction.Of(Bare(0.5), Bare(figure)).Verdict);
    }

    [Fact]
    public void A_setting_that_only_one_has_is_a_difference() =>
        Assert.Equal(ReproductionVerdict.Different, Reproduction.Of(First, First with { Settings = [.. First.Settings, Metrics(RetrievalSetting.VideoToVideo, 0.5)] }).Verdict);

    [Fact]
    public void Pictures_are_compared_file_by_file()
    {
        var explained = First with { Settings = [], Files = [new("a.png", "blob", 1, "x"), new("b.png", "blob", 1, "y")] };

        Assert.Equal(ReproductionVerdict.Equal, Reproduction.Of(explained, explained).Verdict);
        var other = Reproduction.Of(explained, explained with { Files = [new("a.png", "blob", 1, "x"), new("b.png", "blob", 1, "z"), new("c.png", "blob", 1, "z")] });
        Assert.Equal(ReproductionVerdict.Different, other.Verdict);
        Assert.Equal(["b.png", "c.png"], other.Files);
    }

    [Fact]
    public void It_survives_JSON()
    {
        var json = ReidJson.Write(Reproduction.Of(First, Outcome(2, 0.9).Report));

        Assert.Equal(json, ReidJson.Write(ReidJson.Read<Reproduction>(json)));
    }
}
