using ReidCloud.Datasets;
using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Evaluation;
using ReidCloud.GpuRunner.Models;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace ReidCloud.Tests.GpuRunner.Evaluation;

public sealed class CameraEmbeddingTests : TorchTests
{
    private const int Frames = 40;
    private static readonly InputSpec Input = TinySpecs.Teacher.Input;
    private static readonly ItemSet Gallery = ItemSet.Of(Split.Gallery, Medium.Image, 1);
    private static readonly CameraStatisticsSpec Few = new(Batches: 2, BatchSize: 4);

    private readonly FrameCache _frames = FrameCache.Create(Frames, Input.Height * Input.Width * 3, long.MaxValue, "", Draw);
    private ReidModel _model = Drawn(TinySpecs.Teacher.Model);

    public override void Dispose()
    {
        _model.Dispose();
        _frames.Dispose();
        base.Dispose();
    }

    [Theory]
    [InlineData(BackboneName.ResNet18, false)]
    [InlineData(BackboneName.ResNet18, true)]
    [InlineData(BackboneName.ResNet50IbnA, true)]
    public void Each_camera_is_embedded_as_if_it_were_alone_in_the_order_of_the_items(BackboneName backbone, bool local)
    {
        Use(new ModelSpec(backbone) { Local = local ? new LocalBranchSpec(8) : null });
        RetrievalItem[] items = [.. Enumerable.Range(0, 21).Select(frame => Image(frame, frame % 3 == 0 ? 4 : 1))];

        using var all = Extract(items, Few);

        foreach (var camera in new[] { 1, 4 })
        {
            int[] theirs = [.. items.Index().Where(item => item.Item.Sighting.Camera == camera).Select(item => item.Index)];
            using var alone = Extract([.. theirs.Select(item => items[item])], Few);
            using var among = all.Only(theirs);
            Assert.Equal(Numbers(alone.Embedding_ND), Numbers(among.Embedding_ND));
            Assert.Equal(local, among.Local_NHC is not null);
            Assert.Equal(alone.Local_NHC is null ? [] : Numbers(alone.Local_NHC), among.Local_NHC is null ? [] : Numbers(among.Local_NHC));
        }

        Assert.Equal(items.Select(item => item.Sighting), all.Sightings);
        using var own = Plain(items);
        Assert.False(allclose(own.Embedding_ND, all.Embedding_ND, 1e-2, 1e-2));
    }

    [Fact]
    public void The_networks_own_statistics_and_modes_are_as_before_even_those_of_a_teacher()
    {
        RetrievalItem[] items = [.. Enumerable.Range(0, 9).Select(frame => Image(frame, 0))];
        using var expected = Extract(items, Few);
        _model.UseBatchStatisticsOnly();
        var before = State();

        using var embedded = Extract(items, Few);

        Assert.Equal(before, State());
        Assert.True(_model.training);
        Assert.Equal(Numbers(expected.Embedding_ND), Numbers(embedded.Embedding_ND));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Whoever_stops_finds_the_networks_own_statistics(int after)
    {
        RetrievalItem[] items = [.. Enumerable.Range(0, 12).Select(frame => Image(frame, frame % 2))];
        var before = State();
        using var stop = new CancellationTokenSource();
        var told = 0;

        Assert.Throws<OperationCanceledException>(() => Extract(
            items,
            Few,
            _ =>
            {
                if (++told == after)
                {
                    stop.Cancel();
                }
            },
            stop.Token));

        Assert.Equal(before, State());
        Assert.False(_model.training);
    }

    [Fact]
    public void Progress_counts_the_frames_that_are_gathered_and_ends_with_all()
    {
        RetrievalItem[] items = [.. Enumerable.Range(0, 12).Select(frame => Image(frame, frame < 9 ? 0 : 1))];
        var told = new List<int>();

        using var embedded = Extract(items, Few, told.Add);

        Assert.Equal([4, 8, 17, 20, 23], told);
    }

    [Fact]
    public void One_image_of_a_camera_goes_with_its_mirror_image_and_what_is_kept_is_what_was_used()
    {
        RetrievalItem[] items = [Image(0, 0), Image(1, 0), Image(2, 1), Image(3, 2), Image(4, 2)];
        using var kept = new KeptStatistics(new HashSet<int> { 1, 2 });

        using var embedded = Extract(items, new CameraStatisticsSpec { SmallCameras = SmallCameras.OneBatch }, kept: kept);

        Assert.All(Numbers(embedded.Embedding_ND), number => Assert.True(float.IsFinite(number)));
        var before = State();
        kept[2].PutInto(_model);
        Assert.NotEqual(before, State());
        using var again = Plain([items[3], items[4]]);
        using var whole = embedded.Only([3, 4]);
        Assert.Equal(Numbers(whole.Embedding_ND), Numbers(again.Embedding_ND));
        Assert.Equal(2, Batches());
        kept[1].PutInto(_model);
        Assert.Equal(1, Batches());
        Assert.Throws<KeyNotFoundException>(() => kept[0]);
    }

    [Fact]
    public void Untouched_means_mean_0_and_variance_1()
    {
        RetrievalItem[] items = [Image(0, 0), Image(1, 0)];
        using var kept = new KeptStatistics(new HashSet<int> { 0 });

        using var embedded = Extract(items, new CameraStatisticsSpec { SmallCameras = SmallCameras.Untouched }, kept: kept);

        kept[0].PutInto(_model);
        foreach (var (name, value) in _model.State().Where(entry => entry.Name.Contains(".running_", StringComparison.Ordinal)))
        {
            Assert.All(Numbers(value), number => Assert.Equal(name.EndsWith("mean", StringComparison.Ordinal) ? 0 : 1, number));
        }
    }

    [Fact]
    public void Mirrored_batches_count_for_themselves()
    {
        RetrievalItem[] items = [.. Enumerable.Range(0, 4).Select(frame => Image(frame, 0))];
        using var kept = new KeptStatistics(new HashSet<int> { 0 });
        using var once = new KeptStatistics(new HashSet<int> { 0 });

        using var both = Extract(items, Few, kept: kept);
        using var plain = Extract(items, Few with { Mirrored = false }, kept: once);

        once[0].PutInto(_model);
        Assert.Equal(1, Batches());
        kept[0].PutInto(_model);
        Assert.Equal(2, Batches());
        Assert.False(allclose(both.Embedding_ND, plain.Embedding_ND, 1e-5, 1e-7));
    }

    [Fact]
    public void Nothing_to_embed_is_nothing()
    {
        using var none = Extract([], Few);

        Assert.Equal([0, _model.FeatureDim], none.Embedding_ND.shape);
    }

    private EmbeddingSet Extract(
        RetrievalItem[] items, CameraStatisticsSpec spec, Action<int>? progress = null, CancellationToken stop = default, KeptStatistics? kept = null) =>
        new CameraEmbedding(_model, Extractor(), spec, Input, _frames, CPU)
            .Extract(CameraBatches.Of(spec, Gallery, items, seed: 1), items, kept, progress ?? (_ => { }), stop);

    private EmbeddingSet Plain(RetrievalItem[] items) => Extractor().Extract(items, _ => { }, CancellationToken.None);

    private EmbeddingExtractor Extractor() => new(_model, Input, _frames, [], CPU) { WithLocal = _model.Spec.Local is not null };

    private void Use(ModelSpec spec)
    {
        _model.Dispose();
        _model = Drawn(spec);
    }

    private long Batches() => _model.State().First(entry => entry.Name.EndsWith("num_batches_tracked", StringComparison.Ordinal)).Value.item<long>();

    private List<float> State() => [.. _model.State().SelectMany(entry => Numbers(entry.Value))];

    private static ReidModel Drawn(ModelSpec spec)
    {
        var model = ReidModel.Of(spec, 3);
        using var frozen = no_grad();
        WeightInit.Draw(model, 1, "model");
        model.eval();
        return model;
    }

    private static RetrievalItem Image(int frame, int camera) => new([frame], new Sighting(frame, camera));

    private static float[] Numbers(Tensor value)
    {
        using var floats = value.to(float32, copy: true);
        return floats.data<float>().ToArray();
    }

    private static void Draw(int frame, Span<byte> bytes)
    {
        for (var at = 0; at < bytes.Length; at++)
        {
            bytes[at] = (byte)(((at * (frame + 3)) + (frame * frame)) % 251);
        }
    }
}
