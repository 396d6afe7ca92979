using ReidCloud.Datasets;
using ReidCloud.GpuRunner.Evaluation;
using ReidCloud.Specs;

namespace ReidCloud.Tests.GpuRunner.Evaluation;

public sealed class CameraBatchesTests
{
    private static readonly ItemSet Gallery = ItemSet.Of(Split.Gallery, Medium.Image, 1);

    [Fact]
    public void Every_camera_has_full_batches_of_its_own_frames_each_once_and_no_more_than_are_asked_for()
    {
        var spec = new CameraStatisticsSpec(Batches: 3, BatchSize: 4);

        var cameras = CameraBatches.Of(spec, Gallery, Images((1, 11), (0, 30), (2, 4)), seed: 5);

        Assert.Equal([(0, 30, 3), (1, 11, 2), (2, 4, 1)], cameras.Select(camera => (camera.Camera, camera.Frames, camera.Batches.Count)));
        Assert.Equal([12, 8, 4], cameras.Select(camera => camera.Gathered));
        Assert.All(cameras, camera =>
        {
            Assert.False(camera.IsSmall);
            Assert.All(camera.Batches, batch => Assert.Equal(4, batch.Length));
            Assert.Equal(camera.Gathered, camera.Batches.SelectMany(frames => frames).Distinct().Count());
            Assert.All(camera.Batches.SelectMany(frames => frames), frame => Assert.Equal(camera.Camera, frame / 100));
        });
    }

    [Fact]
    public void The_order_is_the_seeds_and_another_in_every_set_and_camera()
    {
        var spec = new CameraStatisticsSpec(Batches: 1, BatchSize: 20);
        var images = Images((0, 20), (1, 20));
        int[] Order(ItemSet set, long seed, int camera) => [.. CameraBatches.Of(spec, set, images, seed)[camera].Batches[0].Select(frame => frame % 100)];

        var order = Order(Gallery, 1, 0);

        Assert.NotEqual(Enumerable.Range(0, 20), order);
        Assert.Equal(order, Order(Gallery, 1, 0));
        Assert.NotEqual(order, Order(Gallery, 1, 1));
        Assert.NotEqual(order, Order(Gallery, 2, 0));
        Assert.NotEqual(order, Order(ItemSet.Of(Split.Query, Medium.Image, 1), 1, 0));
        Assert.NotEqual(order, Order(ItemSet.Of(Split.Gallery, Medium.Video, 4), 1, 0));
    }

    [Fact]
    public void A_frame_that_stands_for_a_video_twice_counts_once()
    {
        RetrievalItem[] videos = [new([3, 3, 1], new Sighting(0, 0)), new([2, 1, 0], new Sighting(1, 0))];

        var camera = Assert.Single(CameraBatches.Of(new CameraStatisticsSpec(BatchSize: 2), Gallery, videos, seed: 1));

        Assert.Equal((4, 2), (camera.Frames, camera.Batches.Count));
        Assert.Equal([0, 1, 2, 3], camera.Batches.SelectMany(frames => frames).Order());
    }

    [Theory]
    [InlineData(SmallCameras.OneBatch, 1)]
    [InlineData(SmallCameras.Untouched, 0)]
    public void A_camera_with_fewer_frames_than_a_batch_has_one_of_all_or_none(SmallCameras small, int batches)
    {
        var cameras = CameraBatches.Of(new CameraStatisticsSpec(BatchSize: 4) { SmallCameras = small }, Gallery, Images((0, 3), (1, 4), (2, 1)), seed: 1);

        Assert.Equal([(3, true, batches), (4, false, 1), (1, true, batches)], cameras.Select(camera => (camera.Frames, camera.IsSmall, camera.Batches.Count)));
        Assert.Equal(batches == 0 ? [] : [0, 1, 2], cameras[0].Batches.SelectMany(frames => frames).Order());
    }

    /// <summary>Frames of camera c are 100c, 100c + 1, …</summary>
    private static RetrievalItem[] Images(params (int Camera, int Frames)[] cameras) =>
        [.. cameras.SelectMany(camera => Enumerable.Range(0, camera.Frames).Select(frame => new RetrievalItem([(100 * camera.Camera) + frame], new Sighting(frame, camera.Camera))))];
}
