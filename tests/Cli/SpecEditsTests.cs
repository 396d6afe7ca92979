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
