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
