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

    /// <summary>The check values of the spec of AlignedReID §7: 300 epochs, from 151 on.</summary>
    [Theory]
    [InlineData(150, 2e-4)]
    [InlineData(151, 1.909985e-4)]
    [InlineData(152, 1.824022e-4)]
    [InlineData(200, 2e-5)]
    [InlineData(225, 6.324555e-6)]
    [InlineData(250, 2e-6)]
    [InlineData(299, 2.094257e-7)]
    [InlineData(300, 2e-7)]
    public void An_exponential_rate_falls_to_a_thousandth_in_the_last_epoch(int epoch, double expected)
    {
        var spec = Spec with { Epochs = 300, Optimizer = new AdamSpec(2e-4), Schedule = new ExponentialSpec(151) };

        Assert.Equal(1, Schedule.LearningRate(spec, epoch - 1) / expected, 1e-6);
    }

    [Fact]
    public void A_cosine_begins_at_the_full_rate_and_is_half_way_down_at_half_the_epochs()
    {
        var spec = Spec with { Epochs = 10, Schedule = new CosineSpec(0.1) };

        Assert.Equal(1e-4, Schedule.LearningRate(spec, 0), 1e-18);
        Assert.Equal(0.55e-4, Schedule.LearningRate(spec, 5), 1e-18);
        Assert.Equal(1e-4 * (0.1 + (0.9 * (1 + Math.Cos(0.9 * Math.PI)) / 2)), Schedule.LearningRate(spec, 9), 1e-18);
    }

    /// <summary>The rule of the strong baseline's and MVD's code, warmup_factor · (1 − k / n) + k / n with k from 1 on, times whatever else there is.</summary>
    [Fact]
    public void A_rate_that_warms_up_rises_in_a_straight_line()
    {
        var spec = Spec with { Epochs = 20, Schedule = new MultiStepSpec([3]) { Warmup = new WarmupSpec(10, 0.01) } };
        var rates = Enumerable.Range(0, 20).Select(finished => Schedule.LearningRate(spec, finished));

        var expected = Enumerable.Range(1, 20).Select(k => 1e-4 * (k > 3 ? 0.1 : 1) * (k < 10 ? (0.01 * (1 - (k / 10.0))) + (k / 10.0) : 1));
        Assert.Equal(expected, rates, (a, b) => Math.Abs(a - b) < 1e-18);
    }
}
