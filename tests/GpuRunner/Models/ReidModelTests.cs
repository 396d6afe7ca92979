using ReidCloud.GpuRunner.Models;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;
using static TorchSharp.torch;

namespace ReidCloud.Tests.GpuRunner.Models;

public sealed class ReidModelTests : TorchTests
{
    private static readonly ModelSpec Small = new(BackboneName.ResNet18);

    [Fact]
    public void A_set_is_the_mean_of_its_views()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        using var model = Drawn(1);
        model.eval();
        var images_BVCHW = randn([2, 3, 3, 64, 32]);

        var sets = model.call(images_BVCHW);
        var single = model.call(images_BVCHW.flatten(0, 1));

        Assert.True(sets.Embedding_BD.allclose(single.Embedding_BD.view(2, 3, -1).mean([1]), atol: 1e-5));
        Assert.True(sets.Logits_BK.allclose(single.Logits_BK.view(2, 3, -1).mean([1]), atol: 1e-7));
        Assert.Equal([6, 512], sets.Feature_ND.shape);
    }

    /// <summary>AlignedReID, spec §1: rows of the map from top to bottom.</summary>
    [Fact]
    public void Stripes_of_a_set_are_the_mean_of_its_views_and_those_of_an_image_its_rows()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        using var model = new SingleViewModel(Small with { Neck = NeckName.None, Local = new(6), LastStride = 2, FinalRelu = true }, 5);
        WeightInit.Draw(model, 1, "test");
        model.eval();
        var images_BVCHW = randn([2, 3, 3, 128, 64]);

        var sets = model.call(images_BVCHW);
        var single = model.call(images_BVCHW.flatten(0, 1));

        Assert.Equal([2, 4, 6], sets.Local_BHC!.shape);
        Assert.True(sets.Local_BHC.allclose(single.Local_BHC!.view(2, 3, 4, 6).mean([1]), atol: 1e-6));
        var map_NDHW = model.Backbone.call(images_BVCHW.flatten(0, 1));
        var lowest = model.OfMap(map_NDHW.narrow(2, 3, 1)).Local_BHC!;
        Assert.True(lowest.squeeze(1).allclose(single.Local_BHC.select(1, 3), atol: 1e-6));
        Assert.True(sets.Neck_ND.Equals(sets.Feature_ND));
    }

    [Fact]
    public void Batch_statistics_leave_every_buffer_as_it_was()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        using var model = Drawn(1);
        var before = Bytes(model);
        model.UseBatchStatisticsOnly();
        var images = randn([2, 2, 3, 64, 32]);

        var asTeacher = model.call(images);

        Assert.Equal(before, Bytes(model));
        using var other = Drawn(1);
        other.train();
        Assert.True(asTeacher.Logits_BK.Equals(other.call(images).Logits_BK));
        Assert.NotEqual(before, Bytes(other));
    }

    [Fact]
    public void A_copy_is_the_same_to_the_last_bit()
    {
        using var first = Drawn(1);
        using var second = Drawn(2);
        Assert.NotEqual(Bytes(first), Bytes(second));

        second.CopyFrom(first);

        Assert.Equal(Bytes(first), Bytes(second));
        using var other = ReidModel.Of(Small, 6);
        Assert.Throws<ArgumentException>(() => other.CopyFrom(first));
    }

    internal static byte[] Bytes(ReidModel model)
    {
        using var stream = new MemoryStream();
        Safetensors.Write(stream, new Dictionary<string, string>(), model.State());
        return stream.ToArray();
    }

    private static ReidModel Drawn(long seed)
    {
        var model = ReidModel.Of(Small, 5);
        WeightInit.Draw(model, seed, "test");
        return model;
    }
}
