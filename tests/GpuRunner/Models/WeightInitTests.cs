using ReidCloud.GpuRunner.Models;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;
using static TorchSharp.torch;

namespace ReidCloud.Tests.GpuRunner.Models;

public sealed class WeightInitTests : TorchTests
{
    [Fact]
    public void The_same_seed_and_role_give_the_same_network()
    {
        using var model = ReidModel.Of(new ModelSpec(BackboneName.ResNet18), 5);

        WeightInit.Draw(model, 3, "a");
        var first = ReidModelTests.Bytes(model);
        WeightInit.Draw(model, 3, "b");
        var otherRole = ReidModelTests.Bytes(model);
        WeightInit.Draw(model, 3, "a");

        Assert.Equal(first, ReidModelTests.Bytes(model));
        Assert.NotEqual(first, otherRole);
    }

    [Theory]
    [InlineData(BackboneName.ResNet18, "backbone.features_layers.0.0.weight", 0.024944)] // sqrt(2 / (64 * 7 * 7))
    [InlineData(BackboneName.ResNet18, "backbone.features_layers.4.0.1.conv2.weight", 0.020833)] // sqrt(2 / (512 * 3 * 3))
    [InlineData(BackboneName.ResNet18, "classifier.classifier.weight", 0.001)]
    [InlineData(BackboneName.ResNet50Bam, "backbone.features_layers.3.0.bam.spatial_att.gate_s.gate_s_conv_di_0.weight", 0.058926)] // sqrt(2 / (64 * 3 * 3))
    [InlineData(BackboneName.ResNet50Bam, "backbone.features_layers.3.0.bam.channel_att.gate_c.gate_c_fc_0.weight", 0.018042)] // 1 / sqrt(3 * 1024)
    [InlineData(BackboneName.DenseNet121, "backbone.features_layers.10.denselayer16.conv2.weight", 0.041667)] // sqrt(2 / (128 * 3 * 3))
    [InlineData(BackboneName.MobileNet, "backbone.features_layers.17.conv.1.0.weight", 0.015215)] // sqrt(2 / (960 * 3 * 3)): groups do not count
    [InlineData(BackboneName.OsNetX050, "backbone.fc.0.weight", 0.01)]
    [InlineData(BackboneName.OsNetX050, "backbone.conv2.0.conv2a.conv1.weight", 0.25)] // sqrt(2 / 32)
    public void Weights_have_the_deviation_that_torchvision_gives_them(BackboneName backbone, string name, double deviation)
    {
        using var scope = NewDisposeScope();
        using var model = ReidModel.Of(new ModelSpec(backbone), 100);
        WeightInit.Draw(model, 1, "test");

        var weight = model.State().Single(entry => entry.Name == name).Value.detach();

        Assert.InRange(weight.std().item<float>() / deviation, 0.97, 1.03);
        Assert.InRange(Math.Abs(weight.mean().item<float>()) / deviation, 0, 0.03);
    }

    [Fact]
    public void The_necks_weights_are_spread_around_one_where_that_is_asked_for()
    {
        using var scope = NewDisposeScope();
        using var model = ReidModel.Of(new ModelSpec(BackboneName.ResNet50) { NeckDeviation = 0.02 }, 5);
        WeightInit.Draw(model, 1, "test");
        var state = model.State().ToDictionary(entry => entry.Name, entry => entry.Value.detach());

        Assert.InRange(state["classifier.bottleneck.weight"].std().item<float>(), 0.019, 0.021);
        Assert.InRange(state["classifier.bottleneck.weight"].mean().item<float>(), 0.998, 1.002);
        Assert.Equal(0, state["classifier.bottleneck.bias"].abs().max().item<float>());
        Assert.Equal(1, state["backbone.features_layers.0.1.weight"].min().item<float>());
    }

    [Fact]
    public void Attention_starts_without_biases_and_with_bounded_gates()
    {
        using var scope = NewDisposeScope();
        using var model = ReidModel.Of(new ModelSpec(BackboneName.ResNet50Bam), 5);
        WeightInit.Draw(model, 1, "test");
        var state = model.State().ToDictionary(entry => entry.Name, entry => entry.Value.detach());

        Assert.All(state.Where(entry => entry.Key.EndsWith(".bias", StringComparison.Ordinal)), entry => Assert.Equal(0, entry.Value.abs().max().item<float>()));
        Assert.InRange(state["backbone.features_layers.1.0.bam.channel_att.gate_c.gate_c_fc_0.weight"].abs().max().item<float>(), 0.06f, 0.0625f); // 1 / sqrt(256)
    }

    [Fact]
    public void Residual_blocks_start_as_the_identity_and_only_what_was_asked_for_is_drawn()
    {
        using var model = ReidModel.Of(new ModelSpec(BackboneName.ResNet18), 5);
        WeightInit.Draw(model, 1, "test");
        var before = model.State().ToDictionary(entry => entry.Name, entry => entry.Value.bytes.ToArray());

        Assert.All(before["backbone.features_layers.1.0.0.bn2.weight"], octet => Assert.Equal(0, octet));
        WeightInit.Draw(model, 2, "test", model.IsReinitialized);

        string[] changed = [.. model.State().Where(entry => !entry.Value.bytes.SequenceEqual(before[entry.Name])).Select(entry => entry.Name)];
        Assert.Contains("classifier.classifier.weight", changed);
        Assert.Contains("backbone.features_layers.4.0.0.conv1.weight", changed);
        Assert.All(changed, name => Assert.True(model.IsReinitialized(name)));
    }

    /// <summary>AlignedReID, spec §1.</summary>
    [Fact]
    public void What_follows_the_backbone_starts_as_AlignedReIDs_code_leaves_it()
    {
        using var scope = NewDisposeScope();
        using var model = ReidModel.Of(new ModelSpec(BackboneName.MobileNet) { Neck = NeckName.None, Pooling = PoolingName.GeneralizedMean, Local = new() }, 751);
        using (no_grad())
        {
            Assert.All(model.State().Where(entry => entry.Value.is_floating_point()), entry => entry.Value.fill_(7));
        }

        WeightInit.Draw(model, 1, "test", model.IsReinitialized);

        var state = model.State().ToDictionary(entry => entry.Name, entry => entry.Value.detach());
        var bound = 1 / Math.Sqrt(1280);
        foreach (var name in (string[])["local_conv.weight", "local_conv.bias"])
        {
            Assert.InRange(state[name].abs().max().item<float>(), 0.9 * bound, bound);
            Assert.InRange(state[name].std().item<float>() / (bound / Math.Sqrt(3)), 0.8, 1.2);
        }

        Assert.InRange(state["local_bn.weight"].min().item<float>(), 0, 0.1);
        Assert.InRange(state["local_bn.weight"].max().item<float>(), 0.9, 1);
        Assert.Equal(0, state["local_bn.bias"].abs().max().item<float>());
        Assert.Equal(1, state["local_bn.running_var"].max().item<float>());
        Assert.Equal(3, state["pooling.p"].item<float>());
        Assert.InRange(state["classifier.classifier.weight"].std().item<float>(), 0.00097, 0.00103);
        Assert.Equal(0, state["classifier.classifier.bias"].abs().max().item<float>());
        Assert.Equal(7, state["backbone.features_layers.18.0.weight"].max().item<float>());
    }
}
