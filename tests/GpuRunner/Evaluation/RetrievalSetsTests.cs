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
        var video = Assert.Single(RetrievalSets.Of(Manifest, Split.Query, Medium.Video, 8, GalleryImages.FirstFrame));
        var image = Assert.Single(RetrievalSets.Of(Manifest, Split.Query, Medium.Image, 8, GalleryImages.FirstFrame));

        Assert.Equal([10, 12, 14, 16, 18, 18, 18, 18], video.Frames);
        Assert.Equal([10], image.Frames);
        Assert.Equal(new Sighting(1, 0) { Content = (0, 0) }, video.Sighting);
    }

    [Fact]
    public void Distractors_stay_in_the_gallery()
    {
        var gallery = RetrievalSets.Of(Manifest, Split.Gallery, Medium.Video, 4, GalleryImages.FirstFrame);

        Assert.Equal([[19, 20, 21, 21], [22, 22, 22, 22]], gallery.Select(item => item.Frames));
        Assert.Equal(Tracklet.Distractor, gallery[1].Sighting.Identity);
    }

    /// <summary>VeRi-776: the images of the query folder, and every image of every track.</summary>
    [Fact]
    public void Query_images_of_their_own_and_all_images_of_the_gallery()
    {
        var manifest = TinyManifest.Of(
            new Tracklet(Split.Gallery, 1, 1, 0, 3), new Tracklet(Split.QueryImage, 1, 1, 3, 1), new Tracklet(Split.Query, 1, 1, 0, 3), new Tracklet(Split.Gallery, 2, 0, 4, 1));

        Assert.Equal([[3]], RetrievalSets.Of(manifest, Split.Query, Medium.Image, 2, GalleryImages.EveryFrame).Select(item => item.Frames));
        Assert.Equal([[0, 2]], RetrievalSets.Of(manifest, Split.Query, Medium.Video, 2, GalleryImages.EveryFrame).Select(item => item.Frames));
        Assert.Equal([[0], [4]], RetrievalSets.Of(manifest, Split.Gallery, Medium.Image, 2, GalleryImages.FirstFrame).Select(item => item.Frames));
        var gallery = RetrievalSets.Of(manifest, Split.Gallery, Medium.Image, 2, GalleryImages.EveryFrame);
        Assert.Equal([[0], [1], [2], [4]], gallery.Select(item => item.Frames));
        Assert.Equal([1, 1, 1, 2], gallery.Select(item => item.Sighting.Identity));
        Assert.Equal([[0, 2], [4, 4]], RetrievalSets.Of(manifest, Split.Gallery, Medium.Video, 2, GalleryImages.EveryFrame).Select(item => item.Frames));
    }

    [Fact]
    public void The_protocol_of_ATRW_needs_times()
    {
        var spec = new EvaluationSpec { Protocol = RetrievalProtocol.Atrw, Settings = [RetrievalSetting.ImageToImage] };
        var timed = TinyManifest.Of(new Tracklet(Split.Query, 0, 0, 0, 1) { Time = 5 }, new Tracklet(Split.Gallery, 0, 0, 0, 1) { Time = 5 });

        RetrievalSets.Require(spec, timed);
        Assert.Equal(5, RetrievalSets.Of(timed, Split.Query, Medium.Image, 1, GalleryImages.FirstFrame)[0].Sighting.Time);
        Assert.Equal("$.evaluation.protocol", Assert.Throws<SpecException>(() => RetrievalSets.Require(spec, Manifest)).Errors[0].Path);
        RetrievalSets.Require(new EvaluationSpec(), Manifest);
    }

    [Theory]
    [InlineData(RetrievalSetting.ImageToImage, "Image", "Image")]
    [InlineData(RetrievalSetting.ImageToVideo, "Image", "Video")]
    [InlineData(RetrievalSetting.VideoToImage, "Video", "Image")]
    [InlineData(RetrievalSetting.VideoToVideo, "Video", "Video")]
    public void A_setting_names_the_query_first(RetrievalSetting setting, string query, string gallery) =>
        Assert.Equal((query, gallery), (RetrievalSets.MediaOf(setting).Query.ToString(), RetrievalSets.MediaOf(setting).Gallery.ToString()));
}
