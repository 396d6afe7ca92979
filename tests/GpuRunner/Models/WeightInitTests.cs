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
        using var model = new ReidModel(new ModelSpec(BackboneName.ResNet18), 5);

        WeightInit.Draw(model, 3, "a");
        var first = ReidModelTests.Bytes(model);
        WeightInit.Draw(model, 3, "b");
        var otherRole = ReidModelTests.Bytes(model);
        WeightInit.Draw(model, 3, "a");

        Assert.Equal(first, ReidModelTests.Bytes(model));
        Assert.NotEqual(first, otherRole);
    }

    [Theory]
    [InlineData("backbone.features_layers.0.0.weight", 0.024944)] // sqrt(2 / (64 * 7 * 7))
    [InlineData("backbone.features_layers.4.0.1.conv2.weight", 0.020833)] // sqrt(2 / (512 * 3 * 3))
    [InlineData("classifier.classifier.weight", 0.001)]
    public void Weights_have_the_deviation_that_torchvision_gives_them(string name, double deviation)
    {
        using var scope = NewDisposeScope();
        using var model = new ReidModel(new ModelSpec(BackboneName.ResNet18), 100);
        WeightInit.Draw(model, 1, "test");

        var weight = model.State().Single(entry => entry.Name == name).Value.detach();

        Assert.InRange(weight.std().item<float>() / deviation, 0.97, 1.03);
        Assert.InRange(Math.Abs(weight.mean().item<float>()) / deviation, 0, 0.03);
    }

    [Fact]
    public void Residual_blocks_start_as_the_identity_and_only_what_was_asked_for_is_drawn()
    {
        using var model = new ReidModel(new ModelSpec(BackboneName.ResNet18), 5);
        WeightInit.Draw(model, 1, "test");
        var before = model.State().ToDictionary(entry => entry.Name, entry => entry.Value.bytes.ToArray());

        Assert.All(before["backbone.features_layers.1.0.0.bn2.weight"], octet => Assert.Equal(0, octet));
        WeightInit.Draw(model, 2, "test", model.IsReinitialized);

        string[] changed = [.. model.State().Where(entry => !entry.Value.bytes.SequenceEqual(before[entry.Name])).Select(entry => entry.Name)];
        Assert.Contains("classifier.classifier.weight", changed);
        Assert.Contains("backbone.features_layers.4.0.0.conv1.weight", changed);
        Assert.All(changed, name => Assert.True(model.IsReinitialized(name)));
    }
}
