using ReidCloud.GpuRunner.Models;
using ReidCloud.Tests.Testing;
using static TorchSharp.torch;

namespace ReidCloud.Tests.GpuRunner.Models;

public sealed class BatchNormTests : TorchTests
{
    /// <summary>The spec's own check of the rule (spec of CBN §4): {1, 3} and {5, 9} have the mean 4.5 and the mean of their unbiased variances is 5.</summary>
    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public void What_is_gathered_is_the_mean_over_batches_whatever_the_norm_does_otherwise(bool trains, bool batchStatisticsOnly)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        using var norm = new BatchNorm(1) { BatchStatisticsOnly = batchStatisticsOnly };
        norm.train(trains);
        norm.RunningStatistics[0].fill_(7);

        for (var repeat = 0; repeat < 2; repeat++)
        {
            norm.BeginGathering();
            var first = norm.call(tensor(new[] { 1f, 3f }, [2, 1]));
            norm.call(tensor(new[] { 5f, 9f }, [2, 1]));
            norm.EndGathering();

            Assert.Equal([-1, 1], first.data<float>().ToArray(), (a, b) => Math.Abs(a - b) < 1e-5);
            Assert.Equal([4.5, 5, 2], norm.RunningStatistics.Select(value => value.to(float64).item<double>()));
        }

        norm.eval();
        Assert.Equal(2 / Math.Sqrt(5 + 1e-5), norm.call(tensor(new[] { 6.5f }, [1, 1])).item<float>(), 5);
        Assert.Equal([4.5, 5, 2], norm.RunningStatistics.Select(value => value.to(float64).item<double>()));
    }

    [Fact]
    public void Of_images_every_position_counts()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        using var norm = new BatchNorm(2);
        norm.BeginGathering();
        Tensor[] batches = [randn(3, 2, 4, 5), randn(6, 2, 2, 1), randn(1, 2, 3, 3)];
        foreach (var batch in batches)
        {
            norm.call(batch);
        }

        norm.EndGathering();

        Assert.True(allclose(stack([.. batches.Select(batch => batch.mean([0, 2, 3]))]).mean([0]), norm.RunningStatistics[0], 1e-4, 1e-6));
        Assert.True(allclose(stack([.. batches.Select(batch => batch.transpose(0, 1).flatten(1).var(1, unbiased: true))]).mean([0]), norm.RunningStatistics[1], 1e-4, 1e-6));
    }

    [Fact]
    public void Where_nothing_goes_through_the_mean_is_0_and_the_variance_1()
    {
        using var norm = new BatchNorm(2);
        norm.RunningStatistics[0].fill_(7);

        norm.BeginGathering();
        norm.EndGathering();

        Assert.Equal([0, 0], norm.RunningStatistics[0].data<float>().ToArray());
        Assert.Equal([1, 1], norm.RunningStatistics[1].data<float>().ToArray());
        Assert.Equal(0, norm.RunningStatistics[2].item<long>());
    }
}
