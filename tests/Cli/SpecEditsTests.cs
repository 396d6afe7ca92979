using ReidCloud.Cli;
using ReidCloud.Specs;

namespace ReidCloud.Tests.Cli;

public sealed class SpecEditsTests
{
    private static readonly TrainSpec Spec = new("mine", new ModelSpec(BackboneName.ResNet18), new SupervisedSpec());

    [Fact]
    public void Changes_a_member_at_any_depth()
    {
        var edited = (TrainSpec)SpecEdits.Apply(
            Spec,
            ["epochs=3", "$.method.views=4", "model.backbone=resnet50", "schedule.milestones=[1,2]", "method.losses[0].margin=0.3", "dataset=other"]);

        Assert.Equal(3, edited.Epochs);
        Assert.Equal(4, ((SupervisedSpec)edited.Method).Views);
        Assert.Equal(BackboneName.ResNet50, edited.Model.Backbone);
        Assert.Equal([1, 2], ((MultiStepSpec)edited.Schedule).Milestones);
        Assert.Equal(0.3, ((TripletSpec)edited.Method.Losses[0]).Margin);
        Assert.Equal("other", edited.Dataset);
    }

    [Theory]
    [InlineData("vkd-mars-resnet50-teacher", "model.backbone=densenet121", 2)]
    [InlineData("vkd-mars-densenet121-teacher", "model.backbone=resnet50", 1)]
    public void Another_backbone_has_its_own_last_stride(string preset, string edit, int lastStride) =>
        Assert.Equal(lastStride, ((TrainSpec)SpecEdits.Apply(Presets.Named(preset).Spec, [edit])).Model.LastStride);

    [Fact]
    public void Another_kind_of_loss_has_its_own_weight_and_members()
    {
        var spec = Presets.Named("vkd-mars-resnet50-student").Spec;

        var edited = (TrainSpec)SpecEdits.Apply(spec, ["method.losses[3].kind=logit-matching"]);

        Assert.Equal(new LogitMatchingSpec(), edited.Method.Losses[3]);
        Assert.Equal(((TrainSpec)spec).Method.Losses.Take(3), edited.Method.Losses.Take(3));
    }

    [Fact]
    public void What_was_named_stays_and_so_does_what_was_no_default()
    {
        var edited = (TrainSpec)SpecEdits.Apply(
            Spec with { Model = Spec.Model with { LastStride = 2 }, Seed = 7 }, ["sampling.views=random", "model.lastStride=1", "model.backbone=resnet50", "epochs=3"]);
        var strided = (TrainSpec)SpecEdits.Apply(Spec with { Model = Spec.Model with { LastStride = 2 } }, ["model.backbone=resnet50"]);

        Assert.Equal((1, ViewSelection.Random, 7, 3), (edited.Model.LastStride, edited.Sampling.Views, edited.Seed, edited.Epochs));
        Assert.Equal(2, strided.Model.LastStride);
    }

    [Fact]
    public void A_member_that_was_left_out_begins_with_what_is_named_of_it()
    {
        var edited = (TrainSpec)SpecEdits.Apply(
            Spec, ["initialWeights.weights=imagenet-resnet18", "evaluation.reRanking.k1=30", "model.local.channels=64", "validation.identities=50"]);

        Assert.Equal(CheckpointRef.Pushed("imagenet-resnet18"), edited.InitialWeights);
        Assert.Equal(new ReRankingSpec(K1: 30), edited.Evaluation.ReRanking);
        Assert.Equal(new LocalBranchSpec(64), edited.Model.Local);
        Assert.Equal(new ValidationSpec(50), edited.Validation);
        Assert.Contains("$.initialWeights.wights", Assert.Throws<SpecException>(() => SpecEdits.Apply(Spec, ["initialWeights.wights=x"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Keeps_an_equals_sign_in_the_value() => Assert.Equal("a=b", SpecEdits.Apply(Spec, ["dataset=a=b"]).Dataset);

    [Fact]
    public void Leaves_a_name_that_does_not_exist_to_the_strict_reader() =>
        Assert.Contains("epoch", Assert.Throws<SpecException>(() => SpecEdits.Apply(Spec, ["epoch=3"])).Message);

    [Theory]
    [InlineData("epochs")]
    [InlineData("=3")]
    [InlineData("metod.views=3")]
    [InlineData("method.losses[9].weight=1")]
    [InlineData("method.losses[x]=1")]
    [InlineData("epochs.more=1")]
    [InlineData("$=1")]
    public void Refuses_a_path_that_leads_nowhere(string edit)
    {
        var complaint = Record.Exception(() => SpecEdits.Apply(Spec, [edit]));

        Assert.True(complaint is CommandException { ExitCode: 2 } or SpecException, $"{complaint}");
    }

    [Fact]
    public void Names_what_there_is_instead() =>
        Assert.Contains("method", Assert.Throws<CommandException>(() => SpecEdits.Apply(Spec, ["metod.views=3"])).Remedy);
}
