using ReidCloud.Datasets;
using ReidCloud.GpuRunner.Evaluation;
using ReidCloud.Specs;
using ReidCloud.Tests.GpuRunner.Data;

namespace ReidCloud.Tests.GpuRunner.Evaluation;

public sealed class RetrievalSetsTests
{
    private static readonly DatasetManifest Manifest = TinyManifest.Of(
        new Tracklet(Split.Train, 0, 0, 0, 10),
        new Tracklet(Split.Query, 1, 0, 10, 9),
        new Tracklet(Split.Gallery, 1, 1, 19, 3),
        new Tracklet(Split.Gallery, Tracklet.Distractor, 1, 22, 1));

    [Fact]
    public void A_video_is_spread_over_its_tracklet_and_an_image_is_its_first_frame()
    {
        var video = Assert.Single(RetrievalSets.Of(Manifest, Split.Query, Medium.Video, 8));
        var image = Assert.Single(RetrievalSets.Of(Manifest, Split.Query, Medium.Image, 8));

        Assert.Equal([10, 12, 14, 16, 18, 18, 18, 18], video.Frames);
        Assert.Equal([10], image.Frames);
        Assert.Equal(new Sighting(1, 0), video.Sighting);
    }

    [Fact]
    public void Distractors_stay_in_the_gallery()
    {
        var gallery = RetrievalSets.Of(Manifest, Split.Gallery, Medium.Video, 4);

        Assert.Equal([[19, 20, 21, 21], [22, 22, 22, 22]], gallery.Select(item => item.Frames));
        Assert.Equal(Tracklet.Distractor, gallery[1].Sighting.Identity);
    }

    [Theory]
    [InlineData(RetrievalSetting.ImageToImage, "Image", "Image")]
    [InlineData(RetrievalSetting.ImageToVideo, "Image", "Video")]
    [InlineData(RetrievalSetting.VideoToImage, "Video", "Image")]
    [InlineData(RetrievalSetting.VideoToVideo, "Video", "Video")]
    public void A_setting_names_the_query_first(RetrievalSetting setting, string query, string gallery) =>
        Assert.Equal((query, gallery), (RetrievalSets.MediaOf(setting).Query.ToString(), RetrievalSets.MediaOf(setting).Gallery.ToString()));
}
