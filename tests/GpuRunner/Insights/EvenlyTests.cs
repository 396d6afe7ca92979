using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Insights;

namespace ReidCloud.Tests.GpuRunner.Insights;

public sealed class EvenlyTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(96)]
    public void Places_come_from_all_over_each_once(int count)
    {
        var most = Math.Min(count, 6);

        foreach (var places in new[] { Evenly.Places(count, 6), Evenly.Drawn(count, 6, Seeding.Stream(1, "test")) })
        {
            Assert.Equal(most, places.Length);
            Assert.All(places.Index(), place => Assert.InRange(place.Item, place.Index * count / most, ((place.Index + 1) * count / most) - 1));
        }
    }

    /// <summary>Four cameras in turn, and parts of sixteen.</summary>
    [Fact]
    public void Drawn_ones_are_not_all_of_one_camera() => Assert.True(Evenly.Drawn(96, 6, Seeding.Stream(1897, "attention")).Select(place => place % 4).Distinct().Count() > 1);
}
