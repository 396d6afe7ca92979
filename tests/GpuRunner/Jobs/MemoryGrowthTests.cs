using ReidCloud.GpuRunner.Jobs;

namespace ReidCloud.Tests.GpuRunner.Jobs;

public sealed class MemoryGrowthTests
{
    private const long MiB = 1 << 20;
    private const long Limit = 16_384 * MiB;

    [Fact]
    public void Memory_and_tensors_that_rise_with_every_epoch_are_a_leak_told_with_then_and_now()
    {
        var told = Feed(epoch => ((1000 + (100 * epoch)) * MiB, 500 + epoch), 40);

        // Warm-up ends at 1300 MiB; half as much again is reached seven epochs later, ten rises in a row three epochs after that.
        Assert.Equal(13, told.Epoch);
        Assert.Contains("has risen 10 epochs in a row", told.Words, StringComparison.Ordinal);
        Assert.Contains("1.27 GiB and 503 live tensors, at the end of the last epoch 2.25 GiB and 513", told.Words, StringComparison.Ordinal);
    }

    [Fact]
    public void Memory_alone_may_rise_to_half_of_the_limit() =>
        Assert.Equal(72, Feed(epoch => ((1000 + (100 * epoch)) * MiB, 500), 100).Epoch);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Ups_and_downs_and_small_growth_are_none(int kind) => Assert.Equal(
        (0, null),
        Feed(epoch => kind == 0 ? ((1000 + (300 * (epoch % 9))) * MiB, 500 + epoch) : ((1000 + epoch) * MiB, 500 + epoch), 400));

    private static (int Epoch, string? Words) Feed(Func<int, (long Resident, long Tensors)> figures, int epochs)
    {
        var growth = new MemoryGrowth(Limit);
        for (var epoch = 1; epoch <= epochs; epoch++)
        {
            var (resident, tensors) = figures(epoch);
            if (growth.Add(resident, tensors) is { } words)
            {
                return (epoch, words);
            }
        }

        return (0, null);
    }
}
