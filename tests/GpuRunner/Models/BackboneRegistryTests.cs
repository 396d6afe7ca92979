using System.Text.RegularExpressions;
using ReidCloud.GpuRunner.Models;
using ReidCloud.Specs;
using ReidCloud.Tests.Golden;
using ReidCloud.Tests.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace ReidCloud.Tests.GpuRunner.Models;

/// <summary>What is true of every backbone.</summary>
public sealed class BackboneRegistryTests : TorchTests
{
    private const int ClassesOfTheTables = 7;

    /// <summary>VKD's. The names of the others stand in tables of their own: NetworkEntriesTests.</summary>
    public static TheoryData<BackboneName> OfVkd => [.. Enum.GetValues<BackboneName>().Where(name => !name.IsIbn() && !name.IsOsNet())];

    [Theory]
    [MemberData(nameof(OfVkd))]
    public void Has_the_references_state_dict(BackboneName backbone)
    {
        using var model = ReidModel.Of(new ModelSpec(backbone), ClassesOfTheTables);

        var rows = model.State().Select(entry => string.Join('\t', entry.Name, Shape(entry.Value), entry.Value is TorchSharp.Modules.Parameter { requires_grad: true } ? "1" : "0"));

        Assert.Equal(backbone == BackboneName.ResNet101Bam ? TableOfResNet101Bam() : Table(NameConverterFactory.NameOf(backbone)), rows);
    }

    [Fact]
    public void Camera_batch_norms_network_has_its_references_state_dict()
    {
        using var model = CameraNormModels.Filled(ClassesOfTheTables);

        var rows = model.State().Select(entry => string.Join('\t', CameraNormModels.NameOf(entry.Name), Shape(entry.Value), entry.Value is TorchSharp.Modules.Parameter { requires_grad: true } ? "1" : "0"));

        Assert.Equal(Table("resnet50", of: "cbn"), rows);
    }

    [Theory]
    [InlineData(BackboneName.ResNet18, 512, 16, 8)]
    [InlineData(BackboneName.ResNet50Bam, 2048, 16, 8)]
    [InlineData(BackboneName.DenseNet121, 1024, 8, 4)]
    [InlineData(BackboneName.MobileNet, 1280, 16, 8)]
    [InlineData(BackboneName.ResNet50IbnA, 2048, 16, 8)]
    public void A_person_becomes_a_map_of_the_size_that_VKD_has(BackboneName backbone, int channels, int height, int width)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        using var network = BackboneRegistry.Create(new ModelSpec(backbone));

        Assert.Equal([1, channels, height, width], network.call(zeros(2, 3, 256, 128)).narrow(0, 0, 1).shape);
        Assert.Equal(channels, network.FeatureDim);
    }

    [Theory]
    [InlineData(BackboneName.ResNet18)]
    [InlineData(BackboneName.ResNet34)]
    [InlineData(BackboneName.ResNet50)]
    [InlineData(BackboneName.ResNet101)]
    [InlineData(BackboneName.ResNet50Bam)]
    [InlineData(BackboneName.ResNet101Bam)]
    [InlineData(BackboneName.MobileNet)]
    [InlineData(BackboneName.ResNet50IbnA)]
    public void A_last_stride_of_2_halves_the_resolution(BackboneName backbone)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        using var network = BackboneRegistry.Create(new ModelSpec(backbone) { LastStride = 2 });

        Assert.Equal([2, network.FeatureDim, 4, 2], network.call(zeros(2, 3, 128, 64)).shape);
    }

    [Theory]
    [InlineData(BackboneName.ResNet18)]
    [InlineData(BackboneName.ResNet50Bam)]
    [InlineData(BackboneName.DenseNet121)]
    [InlineData(BackboneName.MobileNet)]
    [InlineData(BackboneName.ResNet50IbnA)]
    [InlineData(BackboneName.OsNetX025)]
    public void Only_a_final_relu_makes_features_non_negative(BackboneName backbone)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        foreach (var finalRelu in (bool[])[false, true])
        {
            using var model = ReidModel.Of(new ModelSpec(backbone) { FinalRelu = finalRelu }, 2);
            WeightInit.Draw(model, 1, "test");
            foreach (var norm in model.modules().OfType<BatchNorm>())
            {
                norm.get_parameter("weight")!.fill_(1);
            }

            model.train();
            var smallest = (backbone.IsOsNet() ? model.call(randn([2, 3, 64, 32])).Feature_ND : model.Backbone.call(randn([2, 3, 64, 32]))).min().item<float>();

            Assert.Equal(finalRelu, smallest >= 0);
        }
    }

    /// <summary>VKD, spec §6: ResNets' layer4, DenseNet's last block, nothing of MobileNet, and always the head.</summary>
    [Theory]
    [InlineData(BackboneName.ResNet18, "backbone.features_layers.4.0.")]
    [InlineData(BackboneName.ResNet50Bam, "backbone.features_layers.4.0.")]
    [InlineData(BackboneName.DenseNet121, "backbone.features_layers.10.denselayer")]
    [InlineData(BackboneName.MobileNet, "classifier.")]
    [InlineData(BackboneName.ResNet50IbnA, "backbone.features_layers.4.0.")]
    public void A_student_starts_the_last_stage_and_the_head_afresh(BackboneName backbone, string lastStage)
    {
        using var model = ReidModel.Of(new ModelSpec(backbone), ClassesOfTheTables);

        Assert.All(
            model.State().Select(entry => entry.Name),
            name => Assert.Equal(
                name.StartsWith(lastStage, StringComparison.Ordinal) || name.StartsWith("classifier.", StringComparison.Ordinal), model.IsReinitialized(name)));
    }

    [Fact]
    public void A_student_starts_pooling_and_local_branch_afresh_and_all_of_OSNet_behind_its_last_halving()
    {
        using var model = ReidModel.Of(new ModelSpec(BackboneName.OsNetX025) { Pooling = PoolingName.GeneralizedMean, Local = new() }, ClassesOfTheTables);

        string[] kept = ["backbone.conv1.", "backbone.conv2.", "backbone.conv3."];
        Assert.All(
            model.State().Select(entry => entry.Name),
            name => Assert.Equal(!kept.Any(stage => name.StartsWith(stage, StringComparison.Ordinal)), model.IsReinitialized(name)));
    }

    /// <summary>Published: AlignedReID's, with 751 identities (its spec §1); a ResNet-50's 25,557,032 less the classifier, which IBN-a does not change; torchreid's model zoo.</summary>
    [Fact]
    public void Networks_have_as_many_parameters_as_published()
    {
        Assert.Equal(25_309_359, Parameters(new ModelSpec(BackboneName.ResNet50) { Neck = NeckName.None, Local = new() }, "", 751));
        Assert.Equal(25_557_032 - 2_049_000, Parameters(new ModelSpec(BackboneName.ResNet50IbnA), ReidModel.BackbonePrefix));
        Assert.Equal(44_549_160 - 2_049_000, Parameters(new ModelSpec(BackboneName.ResNet101IbnA), ReidModel.BackbonePrefix));
        Assert.Equal(
            [2.2, 1.3, 0.6, 0.2],
            ((BackboneName[])[BackboneName.OsNetX100, BackboneName.OsNetX075, BackboneName.OsNetX050, BackboneName.OsNetX025])
                .Select(name => Math.Round(Parameters(new ModelSpec(name), ReidModel.BackbonePrefix) / 1e6, 1)));
    }

    /// <summary>Training keeps what gradients need and nothing else: no tensor of a step outlives it, in either mode.</summary>
    [Theory]
    [InlineData(BackboneName.ResNet50Bam)]
    [InlineData(BackboneName.DenseNet121)]
    [InlineData(BackboneName.MobileNet)]
    [InlineData(BackboneName.ResNet50IbnA)]
    [InlineData(BackboneName.OsNetX025)]
    public void A_forward_pass_leaves_its_result_and_no_other_tensor(BackboneName backbone)
    {
        using var network = BackboneRegistry.Create(new ModelSpec(backbone));
        using var images = randn([2, 3, 32, 32]);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        using var map = network.call(images);

        Assert.Equal(before + 1, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static long Parameters(ModelSpec spec, string prefix, int identities = 1)
    {
        using var model = ReidModel.Of(spec, identities);
        return model.State().Where(entry => entry.Value is TorchSharp.Modules.Parameter && entry.Name.StartsWith(prefix, StringComparison.Ordinal)).Sum(entry => entry.Value.numel());
    }

    /// <summary>No table has it: it is ResNet-101 with the attention modules of ResNet-50's table, which stand at the end of the same stages.</summary>
    private static IEnumerable<string> TableOfResNet101Bam()
    {
        var plain = Table("resnet101");
        var attention = Table("resnet50bam").Where(row => row.Contains(".bam.", StringComparison.Ordinal)).ToLookup(Stage);
        return plain.GroupBy(Stage).SelectMany(stage => stage.Concat(attention[stage.Key]));

        static string Stage(string row) => Regex.Match(row, @"^backbone\.features_layers\.\d+\.|^classifier\.").Value;
    }

    /// <summary>The tables list name, kind, shape and whether it learns, in state-dict order, as the reference program has them.</summary>
    private static IReadOnlyList<string> Table(string network, string of = "vkd") =>
    [
        .. File.ReadLines(Path.Combine(GoldenFolder.Own, "names", $"{of}.{network}.tsv")).Skip(1).Select(line => line.Split('\t'))
            .Select(cells => string.Join('\t', cells[0], cells[2], cells[3])),
    ];

    private static string Shape(Tensor value) => value.dim() == 0 ? "scalar" : string.Join('x', value.shape);
}
