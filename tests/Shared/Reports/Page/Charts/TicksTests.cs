using ReidCloud.Reports.Page.Charts;

namespace ReidCloud.Tests.Shared.Reports.Page.Charts;

public sealed class TicksTests
{
    [Theory]
    [InlineData(0, 1, 5, "0.0 0.2 0.4 0.6 0.8 1.0")]
    [InlineData(0.713, 0.912, 4, "0.75 0.80 0.85 0.90")]
    [InlineData(0, 11_659, 4, "0 5,000 10,000")]
    [InlineData(0, 0.0001, 4, "0 5e-5 1e-4")]
    [InlineData(-1.5, 1.5, 3, "-1 0 1")]
    [InlineData(0, 3e7, 3, "0 1e7 2e7 3e7")]
    public void Lie_where_people_find_them_easy(double from, double to, int about, string labels)
    {
        var ticks = Ticks.Between(from, to, about);

        Assert.Equal(labels, string.Join(' ', ticks.Values.Select(ticks.Label)));
    }

    [Fact]
    public void Of_whole_things_are_whole() => Assert.Equal([1, 2, 3], Ticks.Between(1, 3, 10, whole: true).Values);

    [Theory]
    [InlineData(0.713, 0.912)]
    [InlineData(3, 3)]
    [InlineData(0, 0)]
    [InlineData(-2, 1e9)]
    public void A_range_around_values_has_them_all(double from, double to)
    {
        var ticks = Ticks.Around(from, to, 4);

        Assert.True(ticks.From <= from + (ticks.Step / 1e6) && ticks.To >= to - (ticks.Step / 1e6) && ticks.From < ticks.To);
        Assert.InRange(ticks.Values.Count, 2, 8);
    }

    [Fact]
    public void Any_range_has_a_few_and_no_more()
    {
        var random = new Random(3);
        for (var trial = 0; trial < 2000; trial++)
        {
            var from = (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-6, 7));
            var to = from + (random.NextDouble() * Math.Pow(10, random.Next(-6, 7))) + 1e-9;

            var ticks = Ticks.Between(from, to, 5).Values;

            Assert.InRange(ticks.Count, 1, 12);
            Assert.All(ticks, tick => Assert.InRange(tick, from - ((to - from) * 1e-6), to + ((to - from) * 1e-6)));
        }
    }
}
