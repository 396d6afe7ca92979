using ReidCloud.GpuRunner.Training;
using ReidCloud.Specs;

namespace ReidCloud.Tests.GpuRunner.Training;

public sealed class ScheduleTests
{
    private static readonly TrainSpec Spec = new("test", new ModelSpec(BackboneName.ResNet18), new SupervisedSpec()) { Optimizer = new AdamSpec(1e-4) };

    [Theory]
    [InlineData(0, 1e-4)]
    [InlineData(99, 1e-4)]
    [InlineData(100, 1e-5)]
    [InlineData(199, 1e-5)]
    [InlineData(200, 1e-6)]
    [InlineData(1000, 1e-6)]
    public void The_rate_falls_when_as_many_epochs_are_done_as_a_milestone_says(int finishedEpochs, double expected) =>
        Assert.Equal(expected, Schedule.LearningRate(Spec with { Schedule = new MultiStepSpec([100, 200]) }, finishedEpochs), 1e-15);

    [Fact]
    public void A_constant_rate_is_constant() =>
        Assert.Equal(1e-4, Schedule.LearningRate(Spec with { Schedule = new ConstantSpec() }, 500));
}
