using ReidCloud.GpuRunner.Models;
using ReidCloud.Specs;
using ReidCloud.Tests.Shared.Weights;
using ReidCloud.Tests.Testing;
using ReidCloud.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace ReidCloud.Tests.GpuRunner.Models;

public sealed class PretrainedWeightsTests : TorchTests
{
    private static readonly ModelSpec Small = new(BackboneName.MobileNet);

    [Fact]
    public void A_reference_checkpoint_becomes_the_same_network_to_the_last_bit()
    {
        using var scope = NewDisposeScope();
        using var model = Drawn(Small, 1);
        model.State().Single(entry => entry.Name == "backbone.features_layers.0.1.num_batches_tracked").Value.fill_(41);
        using var file = FileOf(model.State());

        using var loaded = PretrainedWeights.Load(Manifest(file), file);

        Assert.Equal(ReidModelTests.Bytes(model), ReidModelTests.Bytes(loaded.Model));
        Assert.Equal(5, loaded.Model.Identities);
        Assert.True(loaded.HasHead);
        Assert.False(loaded.Model.training);
        Assert.Null(loaded.Input);
        loaded.RequireIdentities("teacher", "any", ["a", "b", "c", "d", "e"]);
        Assert.Contains("tells 5 apart", Assert.Throws<CheckpointException>(() => loaded.RequireIdentities("teacher", "any", ["a"])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("vkd-resnet18.legacy.pth", BackboneName.ResNet18, 7)]
    [InlineData("torchvision-mobilenet.zip.pth", BackboneName.MobileNet, null)]
    [InlineData("torchvision-densenet121.legacy.pth", BackboneName.DenseNet121, null)]
    [InlineData("torchvision-resnet18.tar.pth", BackboneName.ResNet18, null)]
    public void PyTorchs_own_files_become_networks_number_by_number(string name, BackboneName backbone, int? identities)
    {
        using var file = WeightsFileTests.Unpacked(name);
        var inFile = WeightsFile.Read(file, name).Tensors.Index().ToDictionary(tensor => tensor.Item.Name, tensor => tensor.Index);

        var manifest = WeightsManifest.Of(file, name, "", null, null, default);
        using var loaded = PretrainedWeights.Load(manifest, file);

        Assert.Equal((backbone, identities), (manifest.Model.Backbone, manifest.Identities));
        Assert.All(manifest.Missing, missing => Assert.True(identities is null && (missing.StartsWith("classifier.", StringComparison.Ordinal) || missing.EndsWith(".num_batches_tracked", StringComparison.Ordinal)), missing));
        Assert.Equal(identities is null ? inFile.Keys.Where(key => key.StartsWith("classifier.", StringComparison.Ordinal) || key.StartsWith("fc.", StringComparison.Ordinal)) : [], manifest.LeftOver);
        var state = loaded.Model.State().ToDictionary(entry => entry.Name, entry => entry.Value);
        foreach (var (entry, source) in manifest.Entries)
        {
            using var scope = NewDisposeScope();
            Assert.True(state[entry].detach().eq(inFile[source.Name] + 1).all().item<bool>(), entry);
        }
    }

    public static TheoryData<string> OfOtherPrograms => ["aligned", "aligned without stripes", "baseline", "osnet"];

    [Theory]
    [MemberData(nameof(OfOtherPrograms))]
    public void What_other_programs_compute_comes_back_from_their_names_to_the_last_bit(string program)
    {
        using var scope = NewDisposeScope();
        using var model = ReidModel.Of(
            program switch
            {
                "aligned" => PublicNames.Aligned(BackboneName.ResNet18, new LocalBranchSpec(16)),
                "aligned without stripes" => PublicNames.Aligned(BackboneName.ResNet18, null),
                "baseline" => PublicNames.Baseline(BackboneName.ResNet18),
                _ => new ModelSpec(BackboneName.OsNetX025) { Neck = NeckName.None },
            },
            5);
        var names = PublicNames.Of(model.Spec);
        using var file = FileOf([.. model.State().Select(entry => (names[entry.Name], entry.Value))]);

        using var loaded = PretrainedWeights.Load(Manifest(file), file);

        Assert.All(names, name => Assert.NotEqual(name.Key.Replace("local_", "", StringComparison.Ordinal), name.Value));
        Assert.Equal(model.Spec, loaded.Model.Spec);
        Assert.Equal(ReidModelTests.Bytes(model), ReidModelTests.Bytes(loaded.Model));
        Assert.True(loaded.HasHead);
    }

    [Theory]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float64)]
    public void Numbers_of_any_width_become_float32(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        using var model = Drawn(Small, 1);
        var other = model.State().Select(entry => (entry.Name, Value: entry.Value.is_floating_point() ? entry.Value.to(dtype) : entry.Value)).ToList();
        using var file = FileOf(other);

        using var loaded = PretrainedWeights.Load(Manifest(file), file);

        foreach (var ((name, value), (_, expected)) in loaded.Model.State().Zip(other))
        {
            Assert.Equal(value.is_floating_point() ? ScalarType.Float32 : ScalarType.Int64, value.dtype);
            Assert.True(value.Equals(expected.to(value.dtype)), name);
        }
    }

    [Fact]
    public void ImageNets_weights_start_a_backbone_and_leave_the_head_as_it_was_drawn()
    {
        using var scope = NewDisposeScope();
        using var imagenet = Drawn(Small, 1);
        using var file = FileOf(Torchvision(imagenet));
        using var source = PretrainedWeights.Load(Manifest(file), file);
        using var target = Drawn(Small, 2);
        using var untouched = Drawn(Small, 2);

        var warnings = PretrainedWeights.CopyBackbone(source, target);

        Assert.Empty(warnings);
        foreach (var (((name, value), (_, from)), (_, before)) in target.State().Zip(imagenet.State()).Zip(untouched.State()))
        {
            Assert.True(value.Equals(name.StartsWith("backbone.", StringComparison.Ordinal) ? from : before), name);
        }

        Assert.False(source.HasHead);
        Assert.Contains("no classifier", Assert.Throws<CheckpointException>(() => source.RequireIdentities("teacher", "any", ["a"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_entries_that_are_accepted_are_copied()
    {
        using var scope = NewDisposeScope();
        using var source = new TrainedModel(Drawn(Small, 1), null);
        using var target = Drawn(Small, 2);
        using var untouched = Drawn(Small, 2);

        PretrainedWeights.CopyBackbone(source, target, name => name.StartsWith("backbone.features_layers.18.", StringComparison.Ordinal));

        var changed = target.State().Zip(untouched.State()).Where(pair => !pair.First.Value.Equals(pair.Second.Value)).Select(pair => pair.First.Name);
        Assert.Equal(["backbone.features_layers.18.0.weight"], changed);
    }

    [Fact]
    public void Attention_that_the_weights_lack_starts_at_random_and_is_told()
    {
        using var scope = NewDisposeScope();
        using var source = new TrainedModel(Drawn(new ModelSpec(BackboneName.ResNet50), 1), null);
        using var target = Drawn(new ModelSpec(BackboneName.ResNet50Bam), 2);
        using var untouched = Drawn(new ModelSpec(BackboneName.ResNet50Bam), 2);

        var warning = Assert.Single(PretrainedWeights.CopyBackbone(source, target));

        Assert.StartsWith("84 tensors of the backbone are not in the weights it starts from and start at random: backbone.features_layers.1.0.bam.", warning, StringComparison.Ordinal);
        var from = source.Model.State().ToDictionary(entry => entry.Name, entry => entry.Value);
        foreach (var ((name, value), (_, before)) in target.State().Zip(untouched.State()))
        {
            Assert.True(value.Equals(from.TryGetValue(name, out var copied) && !name.StartsWith("classifier.", StringComparison.Ordinal) ? copied : before), name);
        }
    }

    [Fact]
    public void Another_backbone_is_refused()
    {
        using var source = new TrainedModel(Drawn(Small, 1), null);
        using var target = Drawn(new ModelSpec(BackboneName.ResNet18), 1);

        var fault = Assert.Throws<CheckpointException>(() => PretrainedWeights.CopyBackbone(source, target));

        Assert.Contains("of mobilenet, while this run's network is resnet18", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_with_numbers_that_are_not_finite_are_refused_by_name()
    {
        using var scope = NewDisposeScope();
        using var model = Drawn(Small, 1);
        model.State()[0].Value.detach().fill_(float.NaN);
        using var file = FileOf(model.State());

        var fault = Assert.Throws<CheckpointException>(() => PretrainedWeights.Load(Manifest(file), file));

        Assert.Contains("'backbone.features_layers.0.0.weight' holds NaN", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_the_manifests_is_refused()
    {
        using var scope = NewDisposeScope();
        using var model = Drawn(Small, 1);
        using var file = FileOf(model.State());
        using var cut = new MemoryStream(file.ToArray()[..^5]);
        var manifest = Manifest(file);

        var ended = Assert.Throws<CheckpointException>(() => PretrainedWeights.Load(manifest, cut));
        var other = Assert.Throws<CheckpointException>(() => PretrainedWeights.Load(manifest with { Identities = 4 }, file));

        Assert.Contains($"and the file has {cut.Length}", ended.Message, StringComparison.Ordinal);
        Assert.Contains("'classifier.classifier.weight' is [5, 1280] where 'classifier.classifier.weight' is [4, 1280]", other.Message, StringComparison.Ordinal);
    }

    private static List<(string Name, Tensor Value)> Torchvision(ReidModel model)
    {
        var names = NetworkEntries.Of(model.Spec).Where(entry => entry.Public is not null).ToDictionary(entry => entry.Name, entry => entry.Public!);
        return [.. model.State().Where(entry => names.ContainsKey(entry.Name)).Select(entry => (names[entry.Name], entry.Value)), ("classifier.1.weight", zeros(1000, 4))];
    }

    private static WeightsManifest Manifest(Stream file) => WeightsManifest.Of(file, "weights.safetensors", "", null, null, default);

    private static MemoryStream FileOf(IReadOnlyList<(string Name, Tensor Value)> tensors)
    {
        var file = new MemoryStream();
        Safetensors.Write(file, new Dictionary<string, string>(), tensors);
        return file;
    }

    private static ReidModel Drawn(ModelSpec spec, long seed)
    {
        using var frozen = no_grad();
        var model = ReidModel.Of(spec, 5);
        WeightInit.Draw(model, seed, "test");
        return model;
    }
}
