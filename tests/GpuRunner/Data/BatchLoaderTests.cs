using System.Collections.Concurrent;
using ReidCloud.Datasets;
using ReidCloud.GpuRunner.Data;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;
using TorchSharp;

namespace ReidCloud.Tests.GpuRunner.Data;

[Collection(TorchCollection.Name)]
public sealed class BatchLoaderTests
{
    private const int FramesPerTracklet = 5;

    private static readonly TrainSpec Spec = new("tiny", new ModelSpec(BackboneName.ResNet18), new SupervisedSpec(Views: 3))
    {
        Input = new InputSpec(16, 8),
        Augmentation = new AugmentationSpec(Padding: 2),
        Sampling = new SamplingSpec(Identities: 2, Tracklets: 2),
        Epochs = 3,
    };

    /// <summary>Four identities of two tracklets each.</summary>
    private static readonly DatasetManifest Manifest = TinyManifest.Of([.. Enumerable.Range(0, 8).Select(tracklet =>
        new Tracklet(Split.Train, tracklet / 2, tracklet % 2, tracklet * FramesPerTracklet, FramesPerTracklet))]);

    [Fact]
    public void A_batch_has_its_sets_views_and_labels()
    {
        using var loader = new BatchLoader(Spec, Manifest, Frames(), Whole);
        using var batch = loader.Load(0, 1);

        Assert.Equal(2, loader.StepsIn(0));
        Assert.Equal([4, 3, 3, 16, 8], batch.Images_BVCHW.shape);
        var labels = batch.Labels_B.data<long>().ToArray();
        Assert.Equal(labels[0], labels[1]);
        Assert.Equal(labels[2], labels[3]);
        Assert.NotEqual(labels[0], labels[2]);
    }

    [Fact]
    public void Every_view_shows_a_frame_of_its_label()
    {
        var plain = Spec with { Augmentation = new AugmentationSpec(0, 0, 0) };
        using var loader = new BatchLoader(plain, Manifest, Frames(), Whole);
        using var batch = loader.Load(0, 0);
        var labels = batch.Labels_B.data<long>().ToArray();
        var pixels = batch.Images_BVCHW.data<float>().ToArray();
        var frameSize = 3 * 16 * 8;
        for (var set = 0; set < 4; set++)
        {
            for (var view = 0; view < 3; view++)
            {
                var red = new Normalization(plain.Input).Of(0).IndexOf(pixels[((set * 3) + view) * frameSize]);
                Assert.Equal(labels[set], red / FramesPerTracklet / 2);
            }
        }
    }

    [Fact]
    public void A_batch_says_by_which_camera_and_in_which_light_every_view_was_taken()
    {
        var plain = Spec with { Augmentation = new AugmentationSpec(0, 0, 0), Sampling = Spec.Sampling with { Views = ViewSelection.MultiView } };
        var two = Manifest with { Cameras = [new Camera("a"), new Camera("b", Modality.Infrared)] };
        using var loader = new BatchLoader(plain, two, Frames(), Whole);
        using var batch = loader.Load(0, 0);
        var pixels = batch.Images_BVCHW.data<float>().ToArray();
        int[] cameras = [.. Enumerable.Range(0, 12).Select(view => new Normalization(plain.Input).Of(0).IndexOf(pixels[view * 3 * 16 * 8]) / FramesPerTracklet % 2)];

        Assert.Equal(2, cameras.Distinct().Count());
        Assert.Equal(cameras, batch.Cameras_BV);
        Assert.Equal(cameras.Select(camera => camera == 0 ? Modality.Visible : Modality.Infrared), batch.Modalities_BV);
    }

    /// <summary>Who is alone is left out before anything of it is decoded, and all else is as it would be.</summary>
    [Fact]
    public void Camera_by_camera_sets_are_left_out_that_a_camera_took_alone_and_the_others_are_as_they_were()
    {
        var lonely = TinyManifest.Of([.. Enumerable.Range(0, 8).Select(tracklet => new Tracklet(Split.Train, tracklet / 2, tracklet == 5 ? 2 : tracklet % 2, tracklet * FramesPerTracklet, FramesPerTracklet))]);
        var spec = Spec with { Method = new SupervisedSpec(1), Sampling = new SamplingSpec(4, 2) };
        using var plain = new BatchLoader(spec, lonely, Frames(), Whole);
        using var byCamera = new BatchLoader(spec with { CameraBatchNorm = new CameraBatchNormSpec() }, lonely, Frames(), Whole);
        using var all = plain.Load(1, 0);
        using var batch = byCamera.Load(1, 0);
        int[] places = [.. all.Cameras_BV.Index().Where(view => view.Item != 2).Select(view => view.Index)];

        Assert.Null(all.Remaining);
        Assert.Equal((8, 1), (batch.Remaining!.Drawn, batch.Remaining.LeftOut));
        Assert.Equal(places, batch.Remaining.Places_B);
        Assert.Equal(places.Select(place => all.Labels_B.data<long>()[place]), batch.Labels_B.data<long>());
        Assert.Equal(places.Select(place => all.Cameras_BV[place]), batch.Cameras_BV);
        var frames = all.Images_BVCHW.bytes.ToArray().Chunk(3 * 16 * 8 * sizeof(float)).ToArray();
        Assert.Equal(places.SelectMany(place => frames[place]), batch.Images_BVCHW.bytes.ToArray());
    }

    [Fact]
    public void A_batch_of_which_too_little_remains_is_named_with_its_cameras_and_the_remedy()
    {
        var lonely = TinyManifest.Of([.. Enumerable.Range(0, 4).Select(tracklet => new Tracklet(Split.Train, tracklet / 2, tracklet, tracklet * FramesPerTracklet, FramesPerTracklet))]);
        var spec = Spec with { Method = new SupervisedSpec(1), CameraBatchNorm = new CameraBatchNormSpec() };
        using var loader = new BatchLoader(spec, lonely, Frames(), Whole);

        var fault = Assert.Throws<SpecException>(() => loader.Load(1, 0));

        Assert.Equal("$.sampling", Assert.Single(fault.Errors).Path);
        Assert.Contains("epoch 2, step 1: camera batch norm", fault.Message, StringComparison.Ordinal);
        Assert.Contains("c0 (1), c1 (1), c2 (1), c3 (1)", fault.Message, StringComparison.Ordinal);
        Assert.Contains("Make batches larger", fault.Message, StringComparison.Ordinal);
    }

    /// <summary>The teacher sees two frames of each camera, the student one of two of them.</summary>
    [Fact]
    public void What_the_student_cannot_normalize_the_teacher_does_not_see_either()
    {
        var spec = Spec with
        {
            Method = new ViewDistillationSpec(new CheckpointRef("teacher"), TeacherViews: 2, StudentViews: 1),
            Sampling = new SamplingSpec(2, 2) { Views = ViewSelection.MultiView },
            CameraBatchNorm = new CameraBatchNormSpec(),
        };
        using var loader = new BatchLoader(spec, Manifest, Frames(), Whole);
        var seen = new HashSet<int>();
        for (var position = 0; position < 6; position++)
        {
            Batch batch;
            try
            {
                batch = loader.Load(position / 2, position % 2);
            }
            catch (SpecException)
            {
                seen.Add(0);
                continue;
            }

            using (batch)
            {
                var places = batch.Remaining?.Places_B ?? [.. Enumerable.Range(0, 4)];
                var views = StudentViews.Draw(spec.Seed, (ViewDistillationSpec)spec.Method, 4, position / 2, position % 2);
                Assert.All(places.Select((place, set) => batch.Cameras_BV[(set * 2) + views[place]]).CountBy(camera => camera), camera => Assert.InRange(camera.Value, 2, 4));
                seen.Add(places.Length);
            }
        }

        Assert.True(seen.Count > 1, "some batches lose a set, and some lose none");
    }

    [Fact]
    public void The_same_position_gives_the_same_bytes_whatever_was_asked_before()
    {
        using var straight = new BatchLoader(Spec, Manifest, Frames(), Whole);
        using var jumping = new BatchLoader(Spec, Manifest, Frames(), Whole);
        var expected = new Dictionary<(int, int), byte[]>();
        for (var position = 0; position < 6; position++)
        {
            expected[(position / 2, position % 2)] = Bytes(straight, position / 2, position % 2);
        }

        Assert.Equal(6, expected.Values.Select(Convert.ToHexString).Distinct().Count());
        foreach (var (epoch, step) in new[] { (2, 1), (0, 0), (1, 1), (1, 1), (0, 1), (2, 0) })
        {
            Assert.Equal(expected[(epoch, step)], Bytes(jumping, epoch, step));
        }
    }

    /// <summary>One frame, shown again and again: what differs between batches is what was done to it.</summary>
    [Fact]
    public void A_frame_is_augmented_anew_in_every_set_view_step_and_epoch()
    {
        var one = TinyManifest.Of([.. Enumerable.Range(0, 4).Select(identity => new Tracklet(Split.Train, identity, 0, 0, 1))]);
        byte[] noise = [.. Enumerable.Range(0, 3 * 16 * 8).Select(at => (byte)(at * 97))];
        var erased = Spec with { Augmentation = new AugmentationSpec(Padding: 2, ErasingProbability: 1) };
        using var loader = new BatchLoader(erased, one, new MemoryFrameCache(1, _ => noise), Whole);

        var views = new[] { (0, 0), (0, 1), (1, 0), (1, 1) }
            .SelectMany(position => Bytes(loader, position.Item1, position.Item2).Chunk(3 * 16 * 8 * sizeof(float)))
            .Select(Convert.ToHexString)
            .ToList();

        Assert.Equal(4 * 4 * 3, views.Count);
        Assert.Equal(views.Count, views.Distinct().Count());
    }

    [Fact]
    public void A_frame_that_cannot_be_read_is_told_as_it_is()
    {
        using var loader = new BatchLoader(Spec, Manifest, new MemoryFrameCache(40, frame =>
            throw new InvalidDataException($"data set 'tiny', frame '{Manifest.Frames[frame].Name}'")), Whole);

        Assert.Contains("data set 'tiny', frame '0000", Assert.Throws<InvalidDataException>(() => loader.Load(0, 0)).Message, StringComparison.Ordinal);
    }

    /// <summary>Opening a large set reads none of it, and its first batch is there when its own frames are decoded.</summary>
    [Fact]
    public void Half_a_million_frames_are_trained_on_while_nearly_all_are_still_to_be_decoded()
    {
        const int Tracklets = 2_500;
        const int Each = 200;
        var large = TinyManifest.Of([.. Enumerable.Range(0, Tracklets).Select(tracklet => new Tracklet(Split.Train, tracklet / 2, tracklet % 2, tracklet * Each, Each))]);
        var file = Path.Combine(Directory.CreateTempSubdirectory("reid-large-").FullName, "frames");
        var decoded = new ConcurrentDictionary<int, int>();
        try
        {
            using (var frames = FrameCache.Create(large.Frames.Count, 3 * 16 * 8, mostInMemory: 0, file, (frame, bytes) =>
            {
                decoded.AddOrUpdate(frame, 1, (_, times) => times + 1);
                bytes.Fill((byte)frame);
            }))
            using (var loader = new BatchLoader(Spec with { Epochs = 1 }, large, frames, Whole))
            {
                Assert.Empty(decoded);
                using var batch = loader.Load(0, 0);
                Assert.Equal(12, batch.Frames);
            }

            // Its own and those of the two that were begun meanwhile.
            Assert.InRange(decoded.Count, 12, 3 * 12);
            Assert.All(decoded.Values, times => Assert.Equal(1, times));
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
        }
    }

    /// <summary>Frame n is n in the cache, and 100 + n as the data set has it.</summary>
    [Fact]
    public void Parts_are_cut_out_of_the_original_picture_as_often_as_asked_and_the_rest_comes_from_the_cache()
    {
        var cut = Spec with { Augmentation = new AugmentationSpec(0, 0, 0) { CropProbability = 0.5, CropRatio = 0.4 } };
        using var loader = new BatchLoader(cut, Manifest, Frames(), frame => new RgbImage(2, 1, [.. Enumerable.Repeat((byte)(100 + frame), 6)]));
        using var again = new BatchLoader(cut, Manifest, Frames(), frame => new RgbImage(2, 1, [.. Enumerable.Repeat((byte)(100 + frame), 6)]));
        var levels = new Normalization(cut.Input).Of(0).ToArray();
        var (parts, all) = (0, 0);
        for (var position = 0; position < 6; position++)
        {
            using var batch = loader.Load(position / 2, position % 2);
            var pixels = batch.Images_BVCHW.data<float>().ToArray();
            all += 12;
            parts += Enumerable.Range(0, 12).Count(view => Array.IndexOf(levels, pixels[view * 3 * 16 * 8]) >= 100);
        }

        Assert.Equal(72, all);
        Assert.InRange(parts, 18, 54);
        Assert.Equal(Bytes(loader, 1, 1), Bytes(again, 1, 1));
    }

    /// <summary>Nobody asks for the picture itself where nothing is cut out of it.</summary>
    private static RgbImage Whole(int frame) => throw new InvalidOperationException($"frame {frame} was decoded again");

    /// <summary>Frame n is filled with the byte n.</summary>
    private static MemoryFrameCache Frames() =>
        new(Manifest.Frames.Count, frame => [.. Enumerable.Repeat((byte)frame, 3 * 16 * 8)]);

    private static byte[] Bytes(BatchLoader loader, int epoch, int step)
    {
        using var batch = loader.Load(epoch, step);
        return batch.Images_BVCHW.bytes.ToArray();
    }
}
