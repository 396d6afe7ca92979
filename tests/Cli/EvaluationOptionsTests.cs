using System.CommandLine;
using ReidCloud.Cli;
using ReidCloud.Cli.Commands;
using ReidCloud.Specs;

namespace ReidCloud.Tests.Cli;

public sealed class EvaluationOptionsTests
{
    private static readonly EvaluationSpec Before = new() { Settings = [RetrievalSetting.ImageToImage], GalleryImages = GalleryImages.EveryFrame };
    private readonly EvaluationOptions _options = new();

    [Fact]
    public void What_is_not_named_stays() => Assert.Equal(ReidJson.Write(Before), ReidJson.Write(Of("")));

    [Fact]
    public void Options_without_a_value_ask_for_what_the_field_uses()
    {
        var evaluation = Of("--rerank --expand --roc --cmc cuhk03");

        Assert.Equal((new ReRankingSpec(), new QueryExpansionSpec()), (evaluation.ReRanking!, evaluation.QueryExpansion!));
        Assert.Equal([1e-4, 1e-3, 1e-2, 1e-1], evaluation.FalsePositiveRates);
        Assert.Equal([new CmcSpec(true, true, false)], evaluation.Cmc);
    }

    [Fact]
    public void Each_is_said_in_numbers_and_words()
    {
        var evaluation = Of(
            "--rerank 30,1,0.2 --expand 10,2,0 --roc 1e-5,0.5 --cmc allshots,separate-camera-set+single-gallery-shot:10 --distances local,combined --multi-query max "
            + "--metric euclidean --normalize --after-neck --protocol camera-less --settings video-to-video --frames 4 --add-mirrored --by-camera --batches 10");

        Assert.Equal((new ReRankingSpec(30, 1, 0.2), new QueryExpansionSpec(10, 2, 0)), (evaluation.ReRanking!, evaluation.QueryExpansion!));
        Assert.Equal([1e-5, 0.5], evaluation.FalsePositiveRates);
        Assert.Equal([new CmcSpec(false, false, false), new CmcSpec(true, true, false, 10)], evaluation.Cmc);
        Assert.Equal([RetrievalDistance.Local, RetrievalDistance.Combined], evaluation.Distances);
        Assert.Equal(
            (MultiQueryPooling.Max, DistanceMetric.Euclidean, true, true, RetrievalProtocol.CameraLess, 4),
            (evaluation.MultiQuery!.Value, evaluation.Metric, evaluation.NormalizeFeatures, evaluation.AfterNeck, evaluation.Protocol, evaluation.Frames));
        Assert.Equal((true, new CameraStatisticsSpec(Batches: 10)), (evaluation.AddMirrored, evaluation.CameraStatistics!));
        Assert.Equal((RetrievalSetting.VideoToVideo, GalleryImages.FirstFrame), (Assert.Single(evaluation.Settings), evaluation.GalleryImages));
    }

    [Fact]
    public void Statistics_of_cameras_are_the_published_ones_unless_there_were_others_before_and_a_number_of_batches_alone_is_refused()
    {
        Assert.Equal(new CameraStatisticsSpec(50, 64), Of("--by-camera").CameraStatistics);
        var known = new CameraStatisticsSpec(3, 8) { SmallCameras = SmallCameras.Untouched };
        Assert.Equal(known, _options.Of(Parse("--by-camera"), Before with { CameraStatistics = known }).CameraStatistics);
        Assert.Equal(known with { Batches = 9 }, _options.Of(Parse("--batches 9"), Before with { CameraStatistics = known }).CameraStatistics);
        Assert.Contains("no effect without --by-camera", Assert.Throws<CommandException>(() => Of("--batches 9")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--rerank 20,6", "k1,k2,lambda such as 20,6,0.3")]
    [InlineData("--rerank 20.5,6,0.3", "k1,k2,lambda such as 20,6,0.3")]
    [InlineData("--rerank weights:vkd", "goes before it")]
    [InlineData("--cmc market1501", "cuhk03, allshots")]
    [InlineData("--cmc single-gallery-shot+single-gallery-shot", "no definition of CMC")]
    [InlineData("--roc nan", "rates between 0 and 1")]
    public void What_it_is_not_says_what_it_is(string words, string complaint) => Assert.Contains(complaint, Assert.Single(Parse(words).Errors).Message, StringComparison.Ordinal);

    private EvaluationSpec Of(string words)
    {
        var parse = Parse(words);
        Assert.Empty(parse.Errors);
        return _options.Of(parse, Before);
    }

    private ParseResult Parse(string words)
    {
        var command = new RootCommand();
        _options.AddTo(command);
        return command.Parse(words);
    }
}
