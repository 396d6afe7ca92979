using ReidCloud.GpuRunner.Explanation;
using ReidCloud.GpuRunner.Models;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;
using static TorchSharp.torch;

namespace ReidCloud.Tests.GpuRunner.Explanation;

/// <summary>The golden cases prove the numbers on ResNets; here is what they do not reach.</summary>
public sealed class GradCamTests : TorchTests
{
    /// <summary>Of global average pooling, a norm and a linear classifier the gradient is known on paper: w_k = weight · scale / positions.</summary>
    [Theory]
    [InlineData(BackboneName.ResNet18)]
    [InlineData(BackboneName.ResNet50Bam)]
    [InlineData(BackboneName.DenseNet121)]
    [InlineData(BackboneName.MobileNet)]
    public void Weighs_the_backbones_output_of_every_family(BackboneName backbone)
    {
        using var scope = NewDisposeScope();
        using var model = Drawn(backbone);
        var images = randn([3, 3, 64, 64]);

        var map = GradCam.Map(model, images);

        using var frozen = no_grad();
        var features_NDHW = model.Backbone.call(images);
        var state = model.State().ToDictionary(entry => entry.Name, entry => entry.Value);
        var scale_D = state["classifier.bottleneck.weight"] / (state["classifier.bottleneck.running_var"] + 1e-5).sqrt();
        var winner_N = model.call(images).Logits_BK.argmax(1);
        var weight_ND = state[SingleViewModel.ClassifierEntry][winner_N] * scale_D;
        var expected = (features_NDHW * weight_ND.unsqueeze(2).unsqueeze(3)).sum(1).relu();
        expected /= expected.square().sum([1, 2], keepdim: true).sqrt();
        Assert.True(map.allclose(expected, rtol: 1e-3, atol: 1e-5));
        Assert.True(map.max().item<float>() > 0);
        Assert.Equal(backbone == BackboneName.DenseNet121 ? [3, 2, 2] : [3, 4, 4], map.shape);
    }

    /// <summary>By what each position's channels move the winner, asked of autograd for the whole network at once.</summary>
    [Theory]
    [InlineData(BackboneName.ResNet18, PoolingName.Average, NeckName.None)]
    [InlineData(BackboneName.ResNet18, PoolingName.GeneralizedMean, NeckName.None)]
    [InlineData(BackboneName.OsNetX025, PoolingName.Average, NeckName.BatchNorm)]
    [InlineData(BackboneName.OsNetX025, PoolingName.GeneralizedMean, NeckName.None)]
    public void Reaches_through_whatever_follows_the_backbone(BackboneName backbone, PoolingName pooling, NeckName neck)
    {
        using var scope = NewDisposeScope();
        using var model = Drawn(new ModelSpec(backbone) { Pooling = pooling, Neck = neck, Local = new(8), FinalRelu = true });
        var images = randn([3, 3, 64, 64]);

        var map = GradCam.Map(model, images);

        var features_NDHW = model.Backbone.call(images).detach().requires_grad_();
        var output = model.OfMap(features_NDHW);
        output.Logits_BK.amax(1).sum().backward();
        var expected = (features_NDHW.detach() * features_NDHW.grad!.mean([2, 3], keepdim: true)).sum(1).relu();
        expected /= expected.square().sum([1, 2], keepdim: true).sqrt();
        Assert.True(map.allclose(expected, rtol: 1e-3, atol: 1e-5));
        Assert.True(map.max().item<float>() > 0);
        Assert.True(model.LogitsOf(output.Embedding_BD)!.allclose(output.Logits_BK, rtol: 1e-4, atol: 1e-6));
    }

    [Fact]
    public void Where_nothing_speaks_for_the_identity_the_map_is_empty()
    {
        using var scope = NewDisposeScope();
        using var model = Drawn(BackboneName.ResNet18);
        using (no_grad())
        {
            model.State().Single(entry => entry.Name == SingleViewModel.ClassifierEntry).Value.zero_();
        }

        Assert.Equal(0, GradCam.Map(model, randn([2, 3, 32, 32])).abs().max().item<float>());
    }

    [Fact]
    public void A_map_leaves_no_gradients_behind()
    {
        using var scope = NewDisposeScope();
        using var model = Drawn(BackboneName.ResNet18);

        var map = GradCam.Map(model, randn([2, 3, 32, 32]));

        Assert.False(map.requires_grad);
        Assert.All(model.parameters(), parameter => Assert.Null(parameter.grad));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 4)]
    [InlineData(3, 1)]
    public void A_side_of_one_position_is_enlarged_too(int height, int width)
    {
        using var scope = NewDisposeScope();

        var enlarged = GradCam.Enlarge(ones(2, height, width), 32, 40);

        Assert.True(enlarged.allclose(ones(2, 32, 40), atol: 1e-6));
    }

    /// <summary>1 at the corner of 3 × 3: the mirror does not repeat the edge, so the corner's mean has one ninth of it, and its neighbours too.</summary>
    [Fact]
    public void Blurs_with_a_mirror_that_does_not_repeat_the_edge()
    {
        using var scope = NewDisposeScope();
        var corner = zeros(1, 3, 3);
        corner[0, 0, 0] = 1;

        var blurred = GradCam.Enlarge(corner, 3, 3) * 9;

        Assert.True(blurred.allclose(tensor(new float[] { 1, 1, 0, 1, 1, 0, 0, 0, 0 }, [1, 3, 3]), atol: 1e-5));
    }

    private static SingleViewModel Drawn(BackboneName backbone) => Drawn(new ModelSpec(backbone));

    private static SingleViewModel Drawn(ModelSpec spec)
    {
        var model = new SingleViewModel(spec, 5);
        WeightInit.Draw(model, 1, "test");
        model.eval();
        return model;
    }
}
