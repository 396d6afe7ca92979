using ReidCloud.GpuRunner.Export;
using ReidCloud.GpuRunner.Models;
using ReidCloud.GpuRunner.Models.Backbones;
using ReidCloud.GpuRunner.Onnx;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;
using static TorchSharp.torch;

namespace ReidCloud.Tests.GpuRunner.Export;

/// <summary>What another program computes from the files.</summary>
public sealed class OnnxExportTests(ExportedNetworks networks, ITestOutputHelper output) : TorchTests, IClassFixture<ExportedNetworks>
{
    public static TheoryData<BackboneName> All => [.. Enum.GetValues<BackboneName>()];

    [Theory]
    [MemberData(nameof(All))]
    public void Every_backbone_is_the_same_in_ONNX_Runtime_at_every_batch_size(BackboneName backbone)
    {
        using var model = ExportedNetworks.Network(new ModelSpec(backbone));
        using var images = ExportedNetworks.Images();

        foreach (var fold in (bool[])[false, true])
        {
            var differences = EmbeddingCheck.Require(networks.Export(model, fold), model, false, images, networks.Runtime, CancellationToken.None);

            output.WriteLine($"{backbone}{(fold ? ", folded" : "")}: {string.Join(", ", differences.Select(difference => $"{difference.Largest:G2} at {difference.Batch}"))}");
            Assert.Equal([1, 7, 64], differences.Select(difference => difference.Batch));

            // With other numbers of threads both add in other orders: 5E-06 becomes 1.3E-05.
            Assert.All(differences, difference => Assert.InRange(difference.Largest, 0, EmbeddingCheck.Tolerance / 5));
        }
    }

    [Theory]
    [InlineData(BackboneName.ResNet18, 2)]
    [InlineData(BackboneName.DenseNet121, 2)]
    [InlineData(BackboneName.MobileNet, 2)]
    public void Options_of_the_model_are_exported_too(BackboneName backbone, int lastStride)
    {
        using var model = ExportedNetworks.Network(new ModelSpec(backbone) { LastStride = lastStride, FinalRelu = true });
        using var images = ExportedNetworks.Images();

        EmbeddingCheck.Require(networks.Export(model, fold: true), model, false, images, networks.Runtime, CancellationToken.None);
    }

    [Theory]
    [InlineData(BackboneName.ResNet18, PoolingName.GeneralizedMean, NeckName.None, true)]
    [InlineData(BackboneName.ResNet18, PoolingName.GeneralizedMean, NeckName.BatchNorm, false)]
    [InlineData(BackboneName.OsNetX025, PoolingName.GeneralizedMean, NeckName.None, false)]
    public void What_follows_the_backbone_is_exported_too(BackboneName backbone, PoolingName pooling, NeckName neck, bool finalRelu)
    {
        using var model = ExportedNetworks.Network(new ModelSpec(backbone) { Pooling = pooling, Neck = neck, FinalRelu = finalRelu, Local = new() });
        using var images = ExportedNetworks.Images();

        EmbeddingCheck.Require(networks.Export(model, fold: true), model, false, images, networks.Runtime, CancellationToken.None);
    }

    /// <summary>Few blocks are all kinds of layers.</summary>
    [Theory]
    [InlineData(MultiViewStyle.Pytorch, MultiViewFeatures.PytorchValidation, 1)]
    [InlineData(MultiViewStyle.Mindspore, MultiViewFeatures.Mindspore, 2)]
    public void The_test_feature_of_a_network_of_several_views_is_exported_too(MultiViewStyle style, MultiViewFeatures features, int lastStride)
    {
        var spec = new ModelSpec(BackboneName.ResNet50) { LastStride = lastStride, FinalRelu = true, MultiView = new MultiViewSpec(style) { Features = features } };
        using var model = ExportedNetworks.Network(() => new MultiViewModel(spec, 3, () => new ResNet(ResNet.R50 with { Blocks = [1, 1, 1, 1] }, spec)));
        using var images = ExportedNetworks.Images();
        using (no_grad())
        {
            foreach (var (_, gamma) in model.State().Where(entry => entry.Name.EndsWith(".cam.gamma", StringComparison.Ordinal)))
            {
                gamma.fill_(0.1);
            }
        }

        var differences = EmbeddingCheck.Require(networks.Export(model, fold: true), model, false, images, networks.Runtime, CancellationToken.None);

        output.WriteLine(string.Join(", ", differences.Select(difference => $"{difference.Largest:G2} at {difference.Batch}")));
    }

    [Fact]
    public void The_embedding_behind_the_neck_is_exported_where_it_is_meant()
    {
        using var model = ExportedNetworks.Network(new ModelSpec(BackboneName.ResNet18));
        using var images = ExportedNetworks.Images();
        var (before, after) = (networks.Export(model, fold: true), networks.Export(model, fold: true, afterNeck: true));

        EmbeddingCheck.Require(after, model, true, images, networks.Runtime, CancellationToken.None);

        Assert.Throws<ExportException>(() => EmbeddingCheck.Require(before, model, true, images, networks.Runtime, CancellationToken.None));
    }

    [Fact]
    public void A_file_with_one_weight_changed_is_refused()
    {
        using var model = ExportedNetworks.Network(new ModelSpec(BackboneName.ResNet18));
        using var images = ExportedNetworks.Images();
        var file = networks.Export(model, fold: false);
        using (NewDisposeScope())
        using (no_grad())
        {
            var stem = model.State().First(entry => entry.Name.EndsWith("0.0.weight", StringComparison.Ordinal)).Value;
            stem.view(-1).narrow(0, 0, 1).add_(0.5);
        }

        var refused = Assert.Throws<ExportException>(() => EmbeddingCheck.Require(file, model, false, images, networks.Runtime, CancellationToken.None));

        Assert.Contains("at batch 1 embeddings in ONNX Runtime", refused.Message, StringComparison.Ordinal);
        Assert.Contains("nothing is published", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_computes_no_numbers_is_told_as_what_it_is()
    {
        using var model = ExportedNetworks.Network(new ModelSpec(BackboneName.ResNet18));
        using var images = ExportedNetworks.Images();
        var file = networks.Export(model, fold: false);
        using (no_grad())
        {
            model.State()[0].Value.fill_(double.NaN);
        }

        Assert.Throws<BrokenModelException>(() => EmbeddingCheck.Require(file, model, false, images, networks.Runtime, CancellationToken.None));
    }

    [Fact]
    public void What_ONNX_Runtime_refuses_is_told_and_the_next_model_is_taken()
    {
        using var model = ExportedNetworks.Network(new ModelSpec(BackboneName.ResNet18));
        using var images = ExportedNetworks.Images();
        var damaged = networks.Export(model, fold: false);
        File.WriteAllBytes(damaged, File.ReadAllBytes(damaged)[..5000]);

        var refused = Assert.Throws<OnnxRuntimeException>(() => EmbeddingCheck.Require(damaged, model, false, images, networks.Runtime, CancellationToken.None));

        Assert.StartsWith("ONNX Runtime refuses the model:", refused.Message, StringComparison.Ordinal);
        EmbeddingCheck.Require(networks.Export(model, fold: false), model, false, images, networks.Runtime, CancellationToken.None);
    }

    [Fact]
    public void Without_ONNX_Runtime_the_remedy_is_named()
    {
        var missing = Assert.Throws<OnnxRuntimeException>(() => OnnxRuntime.Start(networks.Folder, networks.Folder));

        Assert.Contains("ReidCloud__OnnxRuntimeFolder", missing.Message, StringComparison.Ordinal);
        Assert.Contains("npm ci --ignore-scripts", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_file_says_what_it_is()
    {
        using var model = ExportedNetworks.Network(new ModelSpec(BackboneName.ResNet18));

        var file = ProtobufMessage.Read(File.ReadAllBytes(networks.Export(model, fold: false, [("network", "run 1")])));

        Assert.Equal((8, "ReidCloud"), (file.Integer(1), file.Text(2)));
        Assert.Equal(OnnxModel.Opset, file.Message(8).Integer(2));
        Assert.Equal(("network", "run 1"), (file.Message(14).Text(1), file.Message(14).Text(2)));
        var graph = file.Message(7);
        Assert.Equal(("images", "n,3,64,32"), Described(graph.Message(11)));
        Assert.Equal(("embedding", "n,512"), Described(graph.Message(12)));
        Assert.Equal("embedding", graph.Messages(1).Last().Text(2));
    }

    /// <summary>A value is made once, before it is used, and all that is held is used.</summary>
    [Theory]
    [InlineData(BackboneName.ResNet18, false)]
    [InlineData(BackboneName.ResNet50Bam, true)]
    [InlineData(BackboneName.DenseNet121, false)]
    [InlineData(BackboneName.DenseNet121, true)]
    [InlineData(BackboneName.MobileNet, true)]
    [InlineData(BackboneName.ResNet50IbnA, true)]
    [InlineData(BackboneName.OsNetX025, true)]
    public void Every_value_is_made_once_before_it_is_used(BackboneName backbone, bool fold)
    {
        using var model = ExportedNetworks.Network(new ModelSpec(backbone));
        var network = OnnxExport.Network(model, fold, false);

        HashSet<string> known = [OnnxModel.Images];
        Assert.All(network.Tensors, held => Assert.True(known.Add(held.Name), held.Name));
        foreach (var node in network.Nodes)
        {
            Assert.All(node.Inputs, input => Assert.Contains(input, known));
            Assert.True(known.Add(node.Name), node.Name);
        }

        Assert.Empty(known.Except(network.Nodes.SelectMany(node => node.Inputs)).Except([network.Result]));
    }

    [Theory]
    [InlineData(BackboneName.ResNet18, 0)]
    [InlineData(BackboneName.ResNet50Bam, 0)]
    [InlineData(BackboneName.MobileNet, 0)]
    [InlineData(BackboneName.DenseNet121, 62)]
    [InlineData(BackboneName.ResNet50IbnA, 13)]
    [InlineData(BackboneName.OsNetX025, 0)]
    public void Folding_leaves_only_the_norms_that_no_convolution_comes_before(BackboneName backbone, int left)
    {
        using var model = ExportedNetworks.Network(new ModelSpec(backbone));

        Assert.Equal(left, OnnxExport.Network(model, fold: true, afterNeck: false).Nodes.Count(node => node.Type == "BatchNormalization"));
    }

    private static (string Name, string Shape) Described(ProtobufMessage value) => (
        value.Text(1),
        string.Join(',', value.Message(2).Message(1).Message(2).Messages(1).Select(size => size.Texts(2).SingleOrDefault() ?? $"{size.Integer(1)}")));
}
