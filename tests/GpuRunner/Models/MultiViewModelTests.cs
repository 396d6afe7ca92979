using ReidCloud.GpuRunner.Explanation;
using ReidCloud.GpuRunner.Models;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;
using static TorchSharp.torch;

namespace ReidCloud.Tests.GpuRunner.Models;

public sealed class MultiViewModelTests : TorchTests
{
    private static readonly MultiViewSpec Views = new(MultiViewStyle.Pytorch) { BottleneckDim = 12, Attention = false };
    private static readonly ModelSpec Small = new(BackboneName.OsNetX025) { MultiView = Views };
    private static readonly StepName First = new(3, "model", 0, 0);

    [Fact]
    public void Says_of_sets_a_test_feature_of_length_1_the_mean_of_its_observations_scores_and_what_each_branch_says()
    {
        using var scope = NewDisposeScope();
        using var model = Drawn(Small);
        model.eval();
        var images_BVCHW = Images(6).unflatten(0, 3, 2);

        var output = model.call(images_BVCHW);

        Assert.Equal([3, 4 * 512], output.Embedding_BD.shape);
        Assert.Equal([6, 4 * 512], output.Feature_ND.shape);
        Assert.Equal(model.FeatureDim, output.Feature_ND.shape[1]);
        Assert.True(output.Feature_ND.norm(1).allclose(ones(6)));
        Assert.True(output.Embedding_BD.allclose(output.Feature_ND.view(3, 2, -1).mean([1])));
        Assert.Equal(BranchOutput.Names, output.Branches.Select(branch => branch.Name));
        Assert.All(output.Branches, branch => Assert.Equal(
            [[6, 512], [6, 5], [6, 12], [6, 5]], branch.Tensors.Select(tensor => tensor.shape)));
        Assert.True(output.Logits_BK.allclose(stack([.. output.Branches.Select(branch => branch.ObservationLogits_NK)]).mean([0]).view(3, 2, 5).mean([1])));
        Assert.Null(model.LogitsOf(output.Embedding_BD));

        // In order of the names, all together again.
        var again = ModelOutput.Of(output.Tensors);
        Assert.Equal(ModelOutput.Count, output.Tensors.Length);
        Assert.Equal(output.Branches, again.Branches);
    }

    [Fact]
    public void Infrared_and_one_of_the_shared_passes_see_the_grey_form()
    {
        using var scope = NewDisposeScope();
        using var model = Drawn(Small);
        model.eval();
        var images = Images(2);
        var grey = (images.narrow(1, 0, 1) * 0.2989) + (images.narrow(1, 1, 1) * 0.587) + (images.narrow(1, 2, 1) * 0.114);

        var (color, colorless) = (model.call(images), model.call(cat([grey, grey, grey], 1) / (0.2989 + 0.587 + 0.114)));

        Assert.All(color.Branches.Zip(colorless.Branches), pair => Assert.Equal(
            pair.First.Name is BranchOutput.Infrared or BranchOutput.SharedGrey,
            pair.First.Z_NZ.allclose(pair.Second.Z_NZ, rtol: 1e-3, atol: 1e-5)));
    }

    [Fact]
    public void What_is_left_out_is_named_after_the_step_the_part_and_the_call()
    {
        using var scope = NewDisposeScope();
        using var model = Drawn(Small);
        model.train();
        var images = Images(4);
        Tensor Scores(StepName step, int part = 0)
        {
            model.BeginStep(step, part);
            return cat([.. model.call(images).Branches.Select(branch => branch.RepresentationLogits_NK)]);
        }

        var first = Scores(First);

        Assert.True(first.Equals(Scores(First)));
        Assert.False(first.Equals(Scores(First with { Step = 1 })));
        Assert.False(first.Equals(Scores(First with { Role = "peer-2" })));
        Assert.False(first.Equals(Scores(First, part: 1)));

        // The same step goes on: the second call of it leaves out others.
        Scores(First);
        Assert.False(first.Equals(cat([.. model.call(images).Branches.Select(branch => branch.RepresentationLogits_NK)])));
    }

    [Fact]
    public void Half_of_the_numbers_are_left_out_and_the_others_are_twice_as_large()
    {
        using var scope = NewDisposeScope();
        using var dropout = new SeededDropout(0.5);
        Assert.Throws<InvalidOperationException>(() => dropout.call(ones(2)));
        dropout.Begin("dropout", First, 0);

        var some = dropout.call(ones(64, 256));
        dropout.eval();

        Assert.InRange(some.mean().item<float>(), 0.97, 1.03);
        Assert.Equal(1, (some.eq(0) | some.eq(2)).to(float32).mean().item<float>());
        Assert.Equal(1, dropout.call(ones(64, 256)).mean().item<float>());
    }

    [Fact]
    public void Attention_begins_with_no_effect()
    {
        using var scope = NewDisposeScope();
        var spec = new ModelSpec(BackboneName.ResNet18) { MultiView = Views with { Attention = true } };
        using var model = Drawn(spec);
        using var plain = ReidModel.Of(spec with { MultiView = Views }, 5);
        plain.CopyFrom(model);
        model.eval();
        plain.eval();
        var images = Images(2);

        Assert.True(model.call(images).Embedding_BD.Equals(plain.call(images).Embedding_BD));
        Assert.Equal(9, model.State().Count(entry => entry.Name.EndsWith(".cam.gamma", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(MultiViewFeatures.Pytorch, 4 * 512)]
    [InlineData(MultiViewFeatures.PytorchValidation, 4 * (512 + 12))]
    [InlineData(MultiViewFeatures.Mv2d, 12)]
    [InlineData(MultiViewFeatures.Mindspore, 4 * 512)]
    public void Has_as_many_numbers_as_its_test_feature(MultiViewFeatures features, int expected)
    {
        using var model = ReidModel.Of(Small with { MultiView = Views with { Features = features } }, 5);

        Assert.Equal(expected, model.FeatureDim);
    }

    [Theory]
    [InlineData(MultiViewStyle.Pytorch, "visible.vib.bottleneck.model.0.weight", 0.044721)] // sqrt(2 / 1000)
    [InlineData(MultiViewStyle.Pytorch, "shared.vib.bottleneck.model.1.weight", 0.02)]
    [InlineData(MultiViewStyle.Pytorch, "infrared.vib.classifier.0.weight", 0.001)]
    [InlineData(MultiViewStyle.Pytorch, "shared.classifier.classifier.weight", 0.001)]
    [InlineData(MultiViewStyle.Mindspore, "visible.vib.bottleneck.model.3.weight", 0.01)]
    [InlineData(MultiViewStyle.Mindspore, "visible.classifier.classifier.weight", 0.01)]
    [InlineData(MultiViewStyle.Mindspore, "visible.vib.bottleneck.model.1.weight", 0)]
    public void Starts_as_the_program_of_its_style(MultiViewStyle style, string name, double deviation)
    {
        using var scope = NewDisposeScope();
        using var model = ReidModel.Of(Small with { MultiView = new MultiViewSpec(style) { Attention = false } }, 100);
        WeightInit.Draw(model, 1, "test");

        var weight = model.State().Single(entry => entry.Name == name).Value.detach();

        Assert.InRange(weight.std().item<float>(), deviation * 0.9, (deviation * 1.1) + 1e-9);
    }

    [Fact]
    public void Only_PyTorchs_neck_keeps_its_bias()
    {
        using var pytorch = ReidModel.Of(Small, 5);
        using var mindspore = ReidModel.Of(Small with { MultiView = new MultiViewSpec(MultiViewStyle.Mindspore) }, 5);

        Assert.Equal([3, 0], ((ReidModel[])[pytorch, mindspore]).Select(model => model.named_parameters().Count(entry => !entry.parameter.requires_grad)));
    }

    [Fact]
    public void Every_branch_starts_from_the_backbone_of_another_network()
    {
        using var scope = NewDisposeScope();
        using var model = Drawn(Small);
        using var trained = new TrainedModel(ReidModel.Of(new ModelSpec(BackboneName.OsNetX025), 3), null);
        var before = model.State().ToDictionary(entry => entry.Name, entry => entry.Value.clone());

        var warnings = PretrainedWeights.CopyBackbone(trained, model);

        Assert.Empty(warnings);
        var source = trained.Model.State().ToDictionary(entry => entry.Name, entry => entry.Value);
        Assert.All(model.State(), entry => Assert.True(entry.Value.Equals(model.InBackbone(entry.Name) is { } known ? source[known] : before[entry.Name]), entry.Name));
        Assert.Equal(3 * source.Keys.Count(name => name.StartsWith("backbone.", StringComparison.Ordinal)), model.State().Count(entry => model.InBackbone(entry.Name) is not null));
        using var one = ReidModel.Of(new ModelSpec(BackboneName.OsNetX025), 3);
        using var several = new TrainedModel(Drawn(Small), null);
        Assert.Contains("several views", Assert.Throws<CheckpointException>(() => PretrainedWeights.CopyBackbone(several, one)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Shows_where_the_shared_branch_looks()
    {
        using var scope = NewDisposeScope();
        using var model = Drawn(Small);
        model.eval();
        var images = Images(2);

        var map_NHW = GradCam.Map(model, images);

        Assert.Equal([2, 4, 2], map_NHW.shape);
        Assert.True(model.LogitsOfMap(model.Backbone.call(images)).allclose(model.call(images).Branches[2].ObservationLogits_NK, rtol: 1e-4, atol: 1e-6));
    }

    [Fact]
    public void No_gradient_goes_through_grey_and_one_goes_to_every_part_that_learns()
    {
        using var scope = NewDisposeScope();
        using var model = Drawn(Small);
        model.train();
        model.BeginStep(First);
        var images = Images(4).requires_grad_();

        var output = model.call(images);
        output.Branches[3].Z_NZ.sum().backward(retain_graph: true);
        Assert.True(images.grad is null);

        output.Branches.SelectMany(branch => branch.Tensors).Select(tensor => (tensor * arange(tensor.shape[1])).sum()).Aggregate((sum, next) => sum + next).backward();
        Assert.All(model.named_parameters(), entry => Assert.Equal(entry.parameter.requires_grad, entry.parameter.grad is not null));
    }

    private static ReidModel Drawn(ModelSpec spec)
    {
        var model = ReidModel.Of(spec, 5);
        WeightInit.Draw(model, 4, "test");
        return model;
    }

    private static Tensor Images(int count)
    {
        manual_seed(8);
        return randn([count, 3, 64, 32]);
    }
}
