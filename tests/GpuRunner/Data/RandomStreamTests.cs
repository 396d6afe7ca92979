using ReidCloud.GpuRunner.Data;

namespace ReidCloud.Tests.GpuRunner.Data;

public sealed class RandomStreamTests
{
    /// <summary>The authors' generator from the state 1, 2, 3, 4.</summary>
    [Fact]
    public void Is_the_published_generator()
    {
        var state = new byte[32];
        (state[0], state[8], state[16], state[24]) = (1, 2, 3, 4);
        var stream = new RandomStream(state);

        Assert.Equal([11520UL, 0, 1509978240, 1215971899390074240, 1216172134540287360], Enumerable.Range(0, 5).Select(_ => stream.NextUInt64()));
    }

    [Fact]
    public void Every_number_below_the_count_is_equally_likely()
    {
        var stream = Seeding.Stream(1, "test");
        var counts = new int[7];
        for (var i = 0; i < 70_000; i++)
        {
            counts[stream.NextInt(7)]++;
        }

        Assert.All(counts, count => Assert.InRange(count, 9_600, 10_400));
        Assert.Equal(0, stream.NextInt(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => stream.NextInt(0));
    }

    [Fact]
    public void Every_order_is_equally_likely()
    {
        var stream = Seeding.Stream(2, "test");
        var orders = Enumerable.Range(0, 24_000).Select(_ => string.Concat(stream.Permutation(4))).CountBy(order => order).ToList();

        Assert.Equal(24, orders.Count);
        Assert.All(orders, order => Assert.InRange(order.Value, 850, 1_150));
    }

    [Fact]
    public void Probabilities_of_nought_and_one_are_certain()
    {
        var stream = Seeding.Stream(3, "test");

        Assert.All(Enumerable.Range(0, 1000), _ => Assert.False(stream.NextBool(0)));
        Assert.All(Enumerable.Range(0, 1000), _ => Assert.True(stream.NextBool(1)));
        Assert.All(Enumerable.Range(0, 1000), _ => Assert.InRange(stream.NextDouble(-2, 3), -2, 3));
    }
}
