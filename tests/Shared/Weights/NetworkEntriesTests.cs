using ReidCloud.GpuRunner.Models;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;
using ReidCloud.Weights;

namespace ReidCloud.Tests.Shared.Weights;

public sealed class NetworkEntriesTests : TorchTests
{
    private const int Identities = 7;

    public static TheoryData<BackboneName> Backbones => [.. Enum.GetValues<BackboneName>()];

    [Theory]
    [MemberData(nameof(Backbones))]
    public void Are_the_networks_own_in_name_shape_and_order(BackboneName backbone)
    {
        using var model = new ReidModel(new ModelSpec(backbone), Identities);

        Assert.Equal(model.State().Select(entry => (entry.Name, Text(entry.Value.shape))), Entries(backbone));
    }

    [Theory]
    [InlineData(BackboneName.ResNet18)]
    [InlineData(BackboneName.ResNet34)]
    [InlineData(BackboneName.ResNet50)]
    [InlineData(BackboneName.ResNet101)]
    [InlineData(BackboneName.ResNet50Bam)]
    [InlineData(BackboneName.DenseNet121)]
    [InlineData(BackboneName.MobileNet)]
    public void Are_the_references_in_name_and_shape(BackboneName backbone)
    {
        var rows = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Golden", "Cases", "names", $"vkd.{NameConverterFactory.NameOf(backbone)}.tsv"))
            .Skip(1).Select(row => row.Split('\t')).Select(row => (row[0], row[2] == "scalar" ? "" : row[2].Replace("x", ", ", StringComparison.Ordinal)));

        Assert.Equal(rows.Order(), Entries(backbone).Order());
    }

    [Theory]
    [InlineData(BackboneName.ResNet18, "layer2.0.downsample.1.running_var", "backbone.features_layers.2.0.0.downsample.1.running_var")]
    [InlineData(BackboneName.ResNet50, "conv1.weight", "backbone.features_layers.0.0.weight")]
    [InlineData(BackboneName.ResNet101Bam, "layer3.22.bn3.bias", "backbone.features_layers.3.0.22.bn3.bias")]
    [InlineData(BackboneName.DenseNet121, "features.denseblock4.denselayer16.conv2.weight", "backbone.features_layers.10.denselayer16.conv2.weight")]
    [InlineData(BackboneName.DenseNet121, "features.transition3.norm.weight", "backbone.features_layers.9.norm.weight")]
    [InlineData(BackboneName.DenseNet121, "features.norm5.weight", "backbone.features_layers.11.weight")]
    [InlineData(BackboneName.MobileNet, "features.0.0.weight", "backbone.features_layers.0.0.weight")]
    [InlineData(BackboneName.MobileNet, "features.1.conv.2.running_mean", "backbone.features_layers.1.conv.2.running_mean")]
    [InlineData(BackboneName.MobileNet, "features.18.1.bias", "backbone.features_layers.18.1.bias")]
    public void Know_torchvisions_names(BackboneName backbone, string torchvision, string name) =>
        Assert.Equal(name, NetworkEntries.Of(backbone).Single(entry => entry.Torchvision == torchvision).Name);

    private static IEnumerable<(string Name, string Shape)> Entries(BackboneName backbone) =>
        NetworkEntries.Of(backbone).Select(entry => (entry.Name, Text(entry.Shape.Select(size => size == NetworkEntry.Identities ? Identities : size))));

    private static string Text(IEnumerable<long> shape) => string.Join(", ", shape);
}
