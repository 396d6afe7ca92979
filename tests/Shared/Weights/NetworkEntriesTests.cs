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
        using var model = ReidModel.Of(new ModelSpec(backbone), Identities);

        Assert.Equal(model.State().Select(entry => (entry.Name, Text(entry.Value.shape))), Entries(new ModelSpec(backbone)));
    }

    [Theory]
    [InlineData(BackboneName.ResNet18, NeckName.None, PoolingName.Average, 128)]
    [InlineData(BackboneName.MobileNet, NeckName.BatchNorm, PoolingName.GeneralizedMean, 16)]
    [InlineData(BackboneName.OsNetX025, NeckName.None, PoolingName.GeneralizedMean, 64)]
    public void Are_the_networks_own_whatever_it_is_behind_the_backbone(BackboneName backbone, NeckName neck, PoolingName pooling, int channels)
    {
        var spec = new ModelSpec(backbone) { Neck = neck, Pooling = pooling, Local = new LocalBranchSpec(channels) };
        using var model = ReidModel.Of(spec, Identities);

        Assert.Equal(model.State().Select(entry => (entry.Name, Text(entry.Value.shape))), Entries(spec));
    }

    [Theory]
    [InlineData(BackboneName.ResNet18, MultiViewStyle.Pytorch, true, PoolingName.GeneralizedMean)]
    [InlineData(BackboneName.ResNet50IbnA, MultiViewStyle.Mindspore, false, PoolingName.Average)]
    [InlineData(BackboneName.OsNetX025, MultiViewStyle.Pytorch, false, PoolingName.Average)]
    public void Are_the_networks_own_of_several_views(BackboneName backbone, MultiViewStyle style, bool attention, PoolingName pooling)
    {
        var spec = new ModelSpec(backbone) { Pooling = pooling, MultiView = new MultiViewSpec(style) { Attention = attention, BottleneckDim = 48 } };
        using var model = ReidModel.Of(spec, Identities);

        Assert.Equal(model.State().Select(entry => (entry.Name, Text(entry.Value.shape))), Entries(spec));
    }

    /// <summary>The PyTorch program also keeps ImageNet's classifiers, which it never uses.</summary>
    [Theory]
    [InlineData("mvd.pytorch", MultiViewStyle.Pytorch)]
    [InlineData("mvd.mindspore", MultiViewStyle.Mindspore)]
    public void Are_MVDs_by_the_names_of_its_programs(string table, MultiViewStyle style)
    {
        var rows = Rows(table).Where(row => !row.Name.Contains(".base.fc.", StringComparison.Ordinal));
        var entries = NetworkEntries.Of(new ModelSpec(BackboneName.ResNet50) { MultiView = new MultiViewSpec(style) });

        Assert.Equal(rows.Order(), entries.Where(entry => entry.Public is not null).Select(entry => (entry.Public!, Text(entry.Shape.Select(size => size == NetworkEntry.Identities ? Identities : size)))).Order());
        Assert.All(entries.Where(entry => entry.Public is null), entry => Assert.True(entry.IsCounter, entry.Name));
    }

    /// <summary>Not 161.9 million, as MindSpore's page says: that is about twice as many (spec of MVD §4).</summary>
    [Theory]
    [InlineData(MultiViewStyle.Mindspore, 395, 82_091_550)]
    [InlineData(MultiViewStyle.Mindspore, 206, 80_784_048)]
    [InlineData(MultiViewStyle.Pytorch, 395, 82_091_550 + 9)]
    public void MVDs_network_has_82_million_parameters(MultiViewStyle style, int identities, long parameters)
    {
        string[] statistics = ["running_mean", "running_var", "num_batches_tracked"];
        var entries = NetworkEntries.Of(new ModelSpec(BackboneName.ResNet50) { MultiView = new MultiViewSpec(style) }).Where(entry => !statistics.Contains(entry.Name.Split('.')[^1]));

        Assert.Equal(parameters, entries.Sum(entry => entry.Shape.Aggregate(1L, (product, size) => product * (size == NetworkEntry.Identities ? identities : size))));
    }

    [Theory]
    [InlineData(BackboneName.ResNet50IbnA, "ibn-net.resnet50-ibn-a")]
    [InlineData(BackboneName.ResNet101IbnA, "ibn-net.resnet101-ibn-a")]
    [InlineData(BackboneName.OsNetX100, "torchreid.osnet-x1-0")]
    [InlineData(BackboneName.OsNetX075, "torchreid.osnet-x0-75")]
    [InlineData(BackboneName.OsNetX050, "torchreid.osnet-x0-5")]
    [InlineData(BackboneName.OsNetX025, "torchreid.osnet-x0-25")]
    public void Are_all_that_public_weights_have_but_the_classifier(BackboneName backbone, string table)
    {
        var rows = Rows(table).Where(row => !row.Name.StartsWith("fc.weight", StringComparison.Ordinal) && row.Name != "fc.bias" && !row.Name.StartsWith("classifier.", StringComparison.Ordinal));

        Assert.Equal(
            rows,
            NetworkEntries.Of(new ModelSpec(backbone)).Where(entry => entry.Part == NetworkPart.Backbone).Select(entry => (entry.Public!, Text(entry.Shape))));
    }

    [Fact]
    public void Are_AlignedReIDs_by_the_names_of_its_program()
    {
        var spec = PublicNames.Aligned(BackboneName.ResNet50, new LocalBranchSpec());
        var names = PublicNames.Of(spec);

        Assert.Equal(Rows("aligned.resnet50").Order(), Entries(spec).Select(entry => (names[entry.Name], entry.Shape)).Order());
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
        Assert.Equal(Rows($"vkd.{NameConverterFactory.NameOf(backbone)}").Order(), Entries(new ModelSpec(backbone)).Order());
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
    [InlineData(BackboneName.ResNet50IbnA, "layer3.5.bn1.BN.running_var", "backbone.features_layers.3.0.5.bn1.BN.running_var")]
    [InlineData(BackboneName.OsNetX050, "conv3.1.conv2d.3.conv2.weight", "backbone.conv3.1.conv2d.3.conv2.weight")]
    [InlineData(BackboneName.OsNetX050, "fc.0.weight", "backbone.fc.0.weight")]
    public void Know_public_weights_names(BackboneName backbone, string torchvision, string name) =>
        Assert.Equal(name, NetworkEntries.Of(new ModelSpec(backbone)).Single(entry => entry.Public == torchvision).Name);

    private static IEnumerable<(string Name, string Shape)> Rows(string table) =>
        File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Golden", "Cases", "names", $"{table}.tsv"))
            .Skip(1).Select(row => row.Split('\t')).Select(row => (row[0], row[2] == "scalar" ? "" : row[2].Replace("x", ", ", StringComparison.Ordinal)));

    private static IEnumerable<(string Name, string Shape)> Entries(ModelSpec spec) =>
        NetworkEntries.Of(spec).Select(entry => (entry.Name, Text(entry.Shape.Select(size => size == NetworkEntry.Identities ? Identities : size))));

    private static string Text(IEnumerable<long> shape) => string.Join(", ", shape);
}
