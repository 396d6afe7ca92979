using ReidCloud.Reports;
using ReidCloud.Reports.Page;
using ReidCloud.Specs;

namespace ReidCloud.Tests.Shared.Reports.Page;

public sealed class ReportAnswerTests
{
    private static readonly MetricReport Student = SampleReports.Student().Report;

    [Fact]
    public void A_student_that_is_behind_is_called_so()
    {
        var answer = ReportAnswer.Of(With(-0.021, 0.002));

        Assert.Equal("The student is behind its teacher in image-to-video search on mars: mAP (standard) 77.2 % (75.5–78.8) against 73.4 % (71.6–75.0), 2.1 points less (95 %: −3.1 to −1.1, p = 0.002), over 1,838 queries.", answer);
    }

    [Fact]
    public void What_chance_may_bring_is_no_difference() =>
        Assert.Contains("cannot be told apart in image-to-video search on mars", ReportAnswer.Of(With(0.004, 0.31)), StringComparison.Ordinal);

    [Fact]
    public void A_model_alone_is_told_with_its_error_bars() =>
        Assert.Equal("In image-to-video search on mars the student reaches mAP (standard) 77.2 % (75.5–78.8) and rank-1 85.2 % over 1,838 queries.", ReportAnswer.Of(Student with { Against = null }));

    [Fact]
    public void Peers_are_told_apart_by_more_than_chance_and_re_ranking_by_its_name() => Assert.Equal(
        "Peer 1 is ahead of the network trained alone in image-to-image search on market1501: mAP (standard) 75.0 % (73.9–76.1) against 71.7 % (70.6–72.8), 3.3 points more (95 %: +2.8 to +3.8, p < 0.001), over 3,368 queries. "
        + "Peer 2 reaches 75.4 % (74.2–76.4), which cannot be told apart from peer 1 (p = 0.371). Re-ranked, which is another search: mAP (standard) 88.0 % (86.9–89.0) and rank-1 94.6 %.",
        ReportAnswer.Of(SampleVariants.Mutual().Report));

    [Fact]
    public void A_peer_that_is_ahead_by_more_than_chance_is_called_so()
    {
        var report = SampleVariants.Mutual().Report;
        var peer = report.Peers[0] with { Differences = [new PairedDifference(RetrievalSetting.ImageToImage, "mapStandard", -0.0123, new Interval(-0.02, -0.005), 0.002)] };

        var answer = ReportAnswer.Of(report with { Against = null, Peers = [peer] });

        Assert.StartsWith("In image-to-image search on market1501 peer 1 reaches mAP (standard) 75.0 %", answer, StringComparison.Ordinal);
        Assert.Contains("Peer 2 reaches 75.4 % (74.2–76.4): peer 1 is behind it by 1.2 points (95 %: −2.0 to −0.5, p = 0.002).", answer, StringComparison.Ordinal);
    }

    [Fact]
    public void Figures_of_another_kind_are_said_to_be_so()
    {
        Assert.StartsWith("In image-to-image search on shop (camera-less protocol) the checkpoint reaches", ReportAnswer.Of(SampleVariants.CameraLess().Report), StringComparison.Ordinal);
        Assert.StartsWith("In image-to-image search on validation identities of market1501 peer 1 reaches", ReportAnswer.Of(SampleVariants.Held()), StringComparison.Ordinal);
    }

    [Fact]
    public void An_explanation_says_what_it_shows() =>
        Assert.Equal("Shows where run 9b1fd0c3a24e57f6e801 and weights 'vkd-mars-resnet50' look on images of mars.", ReportAnswer.Of(SampleReports.Explained().Report));

    [Fact]
    public void Queries_without_any_match_say_nothing_of_the_model() =>
        Assert.Equal("Nothing can be said of the model: in image-to-video search on tiny no query has a match in the gallery.", ReportAnswer.Of(SampleReports.Matchless().Report));

    private static MetricReport With(double difference, double p) => Student with
    {
        Against = Student.Against! with { Differences = [new PairedDifference(RetrievalSetting.ImageToVideo, "mapStandard", difference, new Interval(difference - 0.01, difference + 0.01), p)] },
    };
}
