using System.Text;
using ReidCloud.Specs;
using ReidCloud.Weights;

namespace ReidCloud.Tests.Shared.Weights;

public sealed class WeightsMatchTests
{
    public static TheoryData<BackboneName> Backbones => [.. Enum.GetValues<BackboneName>()];

    public static TheoryData<BackboneName> WithoutAttention => [.. Enum.GetValues<BackboneName>().Where(name => name is not (BackboneName.ResNet50Bam or BackboneName.ResNet101Bam))];

    [Theory]
    [MemberData(nameof(Backbones))]
    public void A_reference_checkpoint_is_recognized_whole(BackboneName backbone)
    {
        var match = WeightsMatch.Of(NetworkFiles.Reference(backbone), null, "w");

        Assert.Equal(backbone, match.Model.Backbone);
        Assert.Equal(625, match.Identities);
        Assert.Equal(NetworkEntries.Of(new ModelSpec(backbone)).Select(entry => entry.Name), match.Entries.Select(entry => entry.Name));
        Assert.Empty(match.Missing);
        Assert.Empty(match.LeftOver);
    }

    [Theory]
    [MemberData(nameof(WithoutAttention))]
    public void ImageNets_weights_are_recognized_and_lack_only_the_head(BackboneName backbone)
    {
        var match = WeightsMatch.Of(NetworkFiles.Torchvision(backbone), null, "w");

        Assert.Equal(backbone, match.Model.Backbone);
        Assert.Null(match.Identities);
        Assert.Equal([$"{NetworkFiles.ClassifierOf(backbone)}.weight", $"{NetworkFiles.ClassifierOf(backbone)}.bias"], match.LeftOver);
        Assert.All(match.Missing, name => Assert.StartsWith("classifier.", name, StringComparison.Ordinal));
        Assert.All(match.Entries, entry => Assert.Equal(NetworkEntries.Of(new ModelSpec(backbone)).Single(known => known.Public == entry.Source.Name).Name, entry.Name));
        Assert.Equal(NetworkEntries.Of(new ModelSpec(backbone)).Count - 6, match.Entries.Count);
    }

    /// <summary>The PyTorch program keeps ImageNet's classifiers, and an estimator that it never asks.</summary>
    [Theory]
    [InlineData(MultiViewStyle.Pytorch, BackboneName.ResNet50, 1)]
    [InlineData(MultiViewStyle.Mindspore, BackboneName.ResNet50, 2)]
    [InlineData(MultiViewStyle.Pytorch, BackboneName.ResNet18, 1)]
    public void A_checkpoint_of_MVDs_programs_is_recognized_by_its_names(MultiViewStyle style, BackboneName backbone, int lastStride)
    {
        var model = new ModelSpec(backbone) { LastStride = lastStride, FinalRelu = true, MultiView = new MultiViewSpec(style) };
        var file = NetworkFiles.Public(model, 395);
        (string, long[])[] unused = style == MultiViewStyle.Pytorch ? [("shared_backbone.base.fc.weight", [1000, 2048]), ("shared_backbone.base.fc.bias", [1000]), ("shared_estimator.0.weight", [4, 4])] : [];
        file = file with { Tensors = [.. file.Tensors, .. NetworkFiles.File(unused).Tensors] };

        var match = WeightsMatch.Of(file, null, "w");

        Assert.Equal(model, match.Model);
        Assert.Equal(395, match.Identities);
        Assert.Equal(NetworkEntries.Of(model).Select(entry => entry.Name), match.Entries.Select(entry => entry.Name));
        Assert.Equal(unused.Select(tensor => tensor.Item1), match.LeftOver);
        Assert.Contains("MVD", Assert.Single(match.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_network_of_several_views_nothing_may_be_absent_and_all_branches_know_as_many_identities()
    {
        var file = NetworkFiles.Own(new ModelSpec(BackboneName.OsNetX025) { FinalRelu = true, MultiView = new MultiViewSpec(MultiViewStyle.Pytorch) { Attention = false } }, 5);

        Assert.Equal(5, WeightsMatch.Of(file, null, "w").Identities);
        Assert.Contains(
            "infrared.vib.classifier.0.bias",
            Assert.Throws<WeightsException>(() => WeightsMatch.Of(file.Renamed(name => name == "infrared.vib.classifier.0.bias" ? null : name), null, "w")).Message,
            StringComparison.Ordinal);
        var other = file with { Tensors = [.. file.Tensors.Select(tensor => tensor.Name is "visible.vib.classifier.4.weight" ? tensor with { Shape = [6, 256] } : tensor)] };
        Assert.Contains("different networks", Assert.Throws<WeightsException>(() => WeightsMatch.Of(other, null, "w")).Message, StringComparison.Ordinal);
    }

    public static TheoryData<BackboneName> Residual => [.. Enum.GetValues<BackboneName>().Where(PublicNames.HasBase)];

    [Theory]
    [MemberData(nameof(Residual))]
    public void AlignedReIDs_checkpoints_are_its_network_with_and_without_a_local_branch(BackboneName backbone)
    {
        foreach (var local in (LocalBranchSpec?[])[null, new(), new(64)])
        {
            var expected = PublicNames.Aligned(backbone, local);
            var file = NetworkFiles.Public(expected, 751);
            Assert.Contains(file.Tensors, tensor => tensor.Name == "base.layer4.0.bn2.running_var");
            Assert.Contains(file.Tensors, tensor => tensor.Name == "fc.bias");

            var match = WeightsMatch.Of(file, null, "w");

            Assert.Equal(expected, match.Model);
            Assert.Equal((2, true, NeckName.None), (match.Model.LastStride, match.Model.FinalRelu, match.Model.Neck));
            Assert.Equal(751, match.Identities);
            Assert.Equal(NetworkEntries.Of(expected).Select(entry => entry.Name), match.Entries.Select(entry => entry.Name));
            Assert.Equal("named as AlignedReID's program does, so taken for its network", Assert.Single(match.Notes));
            Assert.Empty(match.LeftOver);
        }
    }

    /// <summary>What PyTorch 0.3 saved: no counters. And a head that is cut off.</summary>
    [Fact]
    public void AlignedReIDs_checkpoints_may_lack_counters_and_the_head_but_no_half_of_the_local_branch()
    {
        var file = NetworkFiles.Public(PublicNames.Aligned(BackboneName.ResNet50, new()), 751);
        var old = file.Renamed(name => name.EndsWith("num_batches_tracked", StringComparison.Ordinal) ? null : name);
        var headless = old.Renamed(name => name.StartsWith("fc.", StringComparison.Ordinal) ? null : name);
        var half = old.Renamed(name => name == "local_bn.running_var" ? null : name);

        Assert.All(WeightsMatch.Of(old, BackboneName.ResNet50, "w").Missing, name => Assert.EndsWith(".num_batches_tracked", name, StringComparison.Ordinal));
        Assert.Null(WeightsMatch.Of(headless, null, "w").Identities);
        Assert.Equal(new LocalBranchSpec(), WeightsMatch.Of(headless, null, "w").Model.Local);
        var match = WeightsMatch.Of(half, null, "w");
        Assert.Equal((PublicNames.Aligned(BackboneName.ResNet50, null), 751), (match.Model, match.Identities));
        Assert.Equal(["local_conv.weight", "local_conv.bias", "local_bn.weight", "local_bn.bias", "local_bn.running_mean"], match.LeftOver);
    }

    [Theory]
    [MemberData(nameof(Residual))]
    public void The_strong_baselines_checkpoints_are_its_network(BackboneName backbone)
    {
        var expected = PublicNames.Baseline(backbone);
        var file = NetworkFiles.Public(expected, 751);
        Assert.Contains(file.Tensors, tensor => tensor.Name == "bottleneck.running_mean");

        var match = WeightsMatch.Of(file, null, "w");

        Assert.Equal(expected, match.Model);
        Assert.Equal((1, true, NeckName.BatchNorm, 751), (match.Model.LastStride, match.Model.FinalRelu, match.Model.Neck, match.Identities));
        Assert.Contains("the strong baseline", Assert.Single(match.Notes), StringComparison.Ordinal);
        Assert.Empty(match.LeftOver);
    }

    [Theory]
    [InlineData(BackboneName.OsNetX100)]
    [InlineData(BackboneName.OsNetX025)]
    public void Torchreids_OSNets_keep_their_head_unless_it_is_ImageNets(BackboneName backbone)
    {
        var expected = new ModelSpec(backbone) { Neck = NeckName.None };

        var trained = WeightsMatch.Of(NetworkFiles.Public(expected, 751), null, "w");
        var pretrained = WeightsMatch.Of(NetworkFiles.Public(expected, 1000), null, "w");

        Assert.Equal((expected, 751), (trained.Model, trained.Identities));
        Assert.Empty(trained.LeftOver);
        Assert.Null(pretrained.Identities);
        Assert.Equal(["classifier.weight", "classifier.bias"], pretrained.LeftOver);
    }

    [Theory]
    [InlineData(NeckName.BatchNorm, PoolingName.GeneralizedMean, null)]
    [InlineData(NeckName.None, PoolingName.Average, 16)]
    [InlineData(NeckName.None, PoolingName.GeneralizedMean, 128)]
    [InlineData(NeckName.BatchNorm, PoolingName.Average, 128)]
    public void Under_our_names_head_pooling_and_local_branch_are_told(NeckName neck, PoolingName pooling, int? channels)
    {
        var model = new ModelSpec(BackboneName.ResNet18) { Neck = neck, Pooling = pooling, Local = channels is { } count ? new LocalBranchSpec(count) : null };

        var match = WeightsMatch.Of(NetworkFiles.Own(model), null, "w");

        Assert.Equal(model, match.Model);
        Assert.Equal(625, match.Identities);
        Assert.Empty(match.Missing);
        Assert.Empty(match.LeftOver);
        Assert.Empty(match.Notes);
    }

    /// <summary>What is written for a model and pushed again is that model, where there is a program that computes it; else the last stride and ReLU are the default.</summary>
    [Fact]
    public void An_exported_network_is_recognized_as_what_it_is()
    {
        ModelSpec[] models =
        [
            PublicNames.Aligned(BackboneName.ResNet34, new(32)), PublicNames.Baseline(BackboneName.ResNet101IbnA), new(BackboneName.ResNet50IbnA), new(BackboneName.OsNetX050) { Neck = NeckName.None },
            new(BackboneName.OsNetX050), new(BackboneName.DenseNet121) { Neck = NeckName.None }, new(BackboneName.ResNet50) { Local = new() },
        ];

        Assert.All(models, model => Assert.Equal(model, WeightsMatch.Of(NetworkFiles.Public(model), null, "w").Model));
        Assert.Equal("base.layer1.0.bn1.IN.weight", PublicNames.Of(new(BackboneName.ResNet50IbnA))["backbone.features_layers.1.0.0.bn1.IN.weight"]);
        Assert.All(PublicNames.Of(new ModelSpec(BackboneName.ResNet50) { LastStride = 2, Neck = NeckName.None }), name => Assert.Equal(name.Key, name.Value));
    }

    [Fact]
    public void A_deeper_network_in_a_base_is_another()
    {
        var known = NetworkFiles.Public(PublicNames.Aligned(BackboneName.ResNet101, null));
        var deeper = known with { Tensors = [.. known.Tensors, known.Tensors[0] with { Name = "base.layer3.23.conv1.weight" }] };

        Assert.Contains("among its layers also base.layer3.23.conv1.weight", Refusal(deeper), StringComparison.Ordinal);
    }

    [Fact]
    public void ImageNets_weights_lack_the_attention_that_is_asked_for_and_old_ones_the_counters()
    {
        var match = WeightsMatch.Of(NetworkFiles.Torchvision(BackboneName.ResNet50, counters: false), BackboneName.ResNet50Bam, "w");

        Assert.Equal(BackboneName.ResNet50Bam, match.Model.Backbone);
        Assert.Contains("backbone.features_layers.1.0.bam.channel_att.gate_c.gate_c_fc_0.weight", match.Missing);
        Assert.Contains("backbone.features_layers.0.1.num_batches_tracked", match.Missing);
        Assert.Equal(53 * 5, match.Entries.Count);
    }

    [Fact]
    public void DenseNets_names_of_2017_are_understood()
    {
        static string Old(string name) => System.Text.RegularExpressions.Regex.Replace(name, @"(denselayer\d+\.(?:norm|conv))([12])", "$1.$2");
        var old = NetworkFiles.Torchvision(BackboneName.DenseNet121, counters: false).Renamed(Old);
        Assert.Contains(old.Tensors, tensor => tensor.Name == "features.denseblock1.denselayer1.norm.1.running_mean");

        var match = WeightsMatch.Of(old, null, "w");

        Assert.Equal(BackboneName.DenseNet121, match.Model.Backbone);
        Assert.Equal(["fc.weight", "fc.bias"], match.LeftOver);
    }

    [Theory]
    [InlineData(BackboneName.ResNet101, BackboneName.ResNet50)]
    [InlineData(BackboneName.ResNet34, BackboneName.ResNet18)]
    [InlineData(BackboneName.ResNet50Bam, BackboneName.ResNet50)]
    [InlineData(BackboneName.ResNet50, BackboneName.ResNet101Bam)]
    [InlineData(BackboneName.MobileNet, BackboneName.DenseNet121)]
    public void Another_backbone_than_asked_is_refused_by_what_it_looks_like(BackboneName there, BackboneName asked)
    {
        var fault = Assert.Throws<WeightsException>(() => WeightsMatch.Of(NetworkFiles.Reference(there), asked, "w.pth"));

        Assert.StartsWith($"w.pth looks like {NameConverterFactory.NameOf(there)}, not {NameConverterFactory.NameOf(asked)}", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_matches_nothing_is_refused_with_what_it_holds()
    {
        var fault = Assert.Throws<WeightsException>(() => WeightsMatch.Of(NetworkFiles.File([("encoder.weight", [3, 4]), ("encoder.bias", [3])]), null, "w.pth"));

        Assert.Contains("none of its 2 tensors", fault.Message, StringComparison.Ordinal);
        Assert.Contains("resnet50bam", fault.Message, StringComparison.Ordinal);
        Assert.Contains("encoder.weight [3, 4], encoder.bias [3]", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_backbone_that_is_not_whole_is_refused_with_what_it_lacks()
    {
        var whole = NetworkFiles.Reference(BackboneName.ResNet50);
        var cut = whole.Renamed(name => name.StartsWith("backbone.features_layers.4.0.2.", StringComparison.Ordinal) ? null : name);
        var grey = whole with { Tensors = [.. whole.Tensors.Select(tensor => tensor.Name == "backbone.features_layers.0.0.weight" ? tensor with { Shape = [64, 1, 7, 7] } : tensor)] };
        var whole2 = NetworkFiles.Reference(BackboneName.ResNet50Bam);
        var half = whole2.Renamed(name => name.Contains("layers.1.0.bam.", StringComparison.Ordinal) ? null : name);

        Assert.Contains("looks most like resnet50, but lacks 15 of its 265 tensors: backbone.features_layers.4.0.2.conv1.weight,", Refusal(cut), StringComparison.Ordinal);
        Assert.Contains("does not fit: backbone.features_layers.0.0.weight is F32 [64, 1, 7, 7] where floats [64, 3, 7, 7] are wanted", Refusal(grey), StringComparison.Ordinal);
        Assert.Contains("looks most like resnet50bam, but lacks", Refusal(half), StringComparison.Ordinal);
    }

    /// <summary>torchvision's ResNet-152 has every entry of its ResNet-101 in the same shape, and networks with other attention have all of the one they grew from.</summary>
    [Theory]
    [InlineData(BackboneName.ResNet101, "layer3.23.conv1.weight", "layer2.4.bn1.running_mean")]
    [InlineData(BackboneName.ResNet50, "layer1.0.se.fc1.weight", "layer1.0.se.fc2.weight")]
    [InlineData(BackboneName.ResNet18, "layer1.0.ca.fc.0.weight", "layer1.0.sa.conv1.weight")]
    [InlineData(BackboneName.ResNet34, "layer5.0.conv1.weight", "layer5.0.bn1.weight")]
    [InlineData(BackboneName.ResNet18, "conv1.bias", "layer1.0.conv1.bias")]
    [InlineData(BackboneName.DenseNet121, "features.denseblock4.denselayer17.conv1.weight", "features.denseblock4.denselayer17.norm1.weight")]
    [InlineData(BackboneName.MobileNet, "features.19.0.weight", "features.19.1.weight")]
    public void A_network_that_holds_a_known_one_among_more_layers_is_another(BackboneName backbone, string first, string second)
    {
        var known = NetworkFiles.Torchvision(backbone);
        var larger = known with { Tensors = [.. known.Tensors, known.Tensors[0] with { Name = first }, known.Tensors[0] with { Name = second }] };

        var fault = Refusal(larger);

        Assert.Contains($"has all of {NameConverterFactory.NameOf(backbone)}, but among its layers also {first}, {second}: it is another network", fault, StringComparison.Ordinal);
        Assert.Equal(fault, Assert.Throws<WeightsException>(() => WeightsMatch.Of(larger, backbone, "w.pth")).Message);
    }

    [Fact]
    public void Another_head_is_left_over_whatever_it_is_called()
    {
        var known = NetworkFiles.Torchvision(BackboneName.ResNet50);
        string[] head = ["classifier.weight", "head.0.weight", "bnneck.weight", "feat_bn.bias", "classifier.bottleneck.2.weight"];
        var file = known with { Tensors = [.. known.Tensors, .. head.Select(name => known.Tensors[0] with { Name = name })] };

        Assert.Equal(["fc.weight", "fc.bias", .. head], WeightsMatch.Of(file, null, "w").LeftOver);
    }

    [Fact]
    public void A_checkpoint_of_VKDs_with_more_in_its_backbone_is_another_network()
    {
        var known = NetworkFiles.Reference(BackboneName.ResNet101);
        var larger = known with { Tensors = [.. known.Tensors, known.Tensors[0] with { Name = "backbone.features_layers.3.0.23.conv1.weight" }] };

        Assert.Contains("among its layers also backbone.features_layers.3.0.23.conv1.weight", Refusal(larger), StringComparison.Ordinal);
    }

    [Fact]
    public void Half_a_head_is_none()
    {
        var match = WeightsMatch.Of(NetworkFiles.Reference(BackboneName.ResNet18).Renamed(name => name == "classifier.bottleneck.running_var" ? null : name), null, "w");

        Assert.Null(match.Identities);
        Assert.DoesNotContain(match.Entries, entry => entry.Name.StartsWith("classifier.", StringComparison.Ordinal));
        Assert.Equal(["classifier.bottleneck.running_var"], match.Missing);
        Assert.Contains("classifier.classifier.weight", match.LeftOver);
    }

    [Fact]
    public void Two_names_of_one_tensor_are_refused()
    {
        var file = NetworkFiles.Reference(BackboneName.ResNet18);
        file = file with { Tensors = [.. file.Tensors, file.Tensors[0] with { Name = "conv1.weight" }] };

        Assert.Contains("'backbone.features_layers.0.0.weight' and 'conv1.weight' are names of the same tensor", Refusal(file), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"backbone_type":"resnet50","num_classes":625,"pretrained":true}""", null)]
    [InlineData("""{"backbone_type":"resnet50","num_classes":702,"pretrained":true}""", "tells 625 identities apart, while hparams.json says 702")]
    [InlineData("""{"backbone_type":"resnet18","num_classes":625,"pretrained":true}""", "w.pth looks like resnet50, not resnet18")]
    [InlineData("""{"backbone_type":"vgg16","num_classes":625,"pretrained":true}""", "hparams.json: $.backbone_type: must be one of: resnet18, resnet34")]
    [InlineData("""{"backbone_type":"resnet50","num_classes":625,"pretrained":true,"lr":1}""", "lr")]
    [InlineData("""{"backbone_type":"resnet50","num_classes":625,"pretrained":true,"\u001b[2J":1}""", "?[2J")]
    [InlineData("""{"backbone_type":"resnet50","num_classes":"625","pretrained":true}""", "num_classes")]
    [InlineData("[]", "hparams.json")]
    public void The_references_parameters_are_read_strictly_and_must_agree(string json, string? why)
    {
        var fault = Record.Exception(() =>
        {
            var parameters = ReferenceParameters.Read(Encoding.UTF8.GetBytes(json));
            parameters.Require(WeightsMatch.Of(NetworkFiles.Reference(BackboneName.ResNet50), parameters.Backbone, "w.pth"), "w.pth");
        });

        if (why is null)
        {
            Assert.Null(fault);
        }
        else
        {
            Assert.Contains(why, Assert.IsType<WeightsException>(fault).Message, StringComparison.Ordinal);
            Assert.DoesNotContain(fault.Message, char.IsControl);
        }
    }

    private static string Refusal(WeightsFile file) => Assert.Throws<WeightsException>(() => WeightsMatch.Of(file, null, "w.pth")).Message;
}
