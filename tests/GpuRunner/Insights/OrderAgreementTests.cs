using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Insights;

namespace ReidCloud.Tests.GpuRunner.Insights;

public sealed class OrderAgreementTests
{
    [Fact]
    public void Rank_correlation_is_that_of_the_ranks_and_overlap_that_of_the_first()
    {
        var random = Seeding.Stream(10, "test");
        for (var trial = 0; trial < 200; trial++)
        {
            int[] places = [.. Enumerable.Range(0, 60).Where(_ => random.NextBool(0.5))];
            var (here, there) = (Shuffled(places, random), Shuffled(places, random));

            var agreement = OrderAgreement.Of(here, there)!.Value;

            Assert.Equal(Pearson([.. places.Select(place => (double)Array.IndexOf(here, place))], [.. places.Select(place => (double)Array.IndexOf(there, place))]), agreement.RankCorrelation, 12);
            Assert.Equal(here.Take(10).Intersect(there.Take(10)).Count() / (double)Math.Min(10, places.Length), agreement.NeighborOverlap, 12);
        }
    }

    [Fact]
    public void The_same_order_agrees_and_the_reverse_does_not()
    {
        int[] order = [4, 2, 9, 0];

        Assert.Equal(new OrderAgreement(1, 1), OrderAgreement.Of(order, order));
        Assert.Equal(-1, OrderAgreement.Of(order, [0, 9, 2, 4])!.Value.RankCorrelation, 12);
        Assert.Null(OrderAgreement.Of([7], [7]));
        Assert.Null(OrderAgreement.Of([], []));
    }

    private static int[] Shuffled(int[] places, RandomStream random)
    {
        int[] order = [.. places];
        random.Shuffle<int>(order);
        return order;
    }

    private static double Pearson(double[] x, double[] y)
    {
        var (meanX, meanY) = (x.Average(), y.Average());
        return x.Zip(y, (a, b) => (a - meanX) * (b - meanY)).Sum() / Math.Sqrt(x.Sum(a => (a - meanX) * (a - meanX)) * y.Sum(b => (b - meanY) * (b - meanY)));
    }
}
