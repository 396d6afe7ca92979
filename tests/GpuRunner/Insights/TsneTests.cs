using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Insights;

namespace ReidCloud.Tests.GpuRunner.Insights;

/// <summary>Also where it starts: <see cref="PrincipalCoordinates"/>.</summary>
public sealed class TsneTests
{
    [Fact]
    public void Three_groups_in_many_dimensions_are_three_groups_in_the_plane_every_time()
    {
        const int Each = 20;
        var squared = Squared(Groups(3, Each, 50, distance: 4));

        var first = Embed(squared, 3 * Each);
        var again = Embed(squared, 3 * Each);

        Assert.Equal(first, again);
        for (var i = 0; i < 3 * Each; i++)
        {
            var nearest = Enumerable.Range(0, 3 * Each).Where(j => j != i).OrderBy(j => Distance(first, i, j)).Take(Each - 1);
            Assert.All(nearest, j => Assert.Equal(i / Each, j / Each));
        }
    }

    /// <summary>No more than their neighbors are told: not how far apart they lie, and not that one of them is tenfold as wide.</summary>
    [Fact]
    public void Neighbors_stay_neighbors_on_a_curled_line()
    {
        const int Count = 60;
        double[][] spiral = [.. Enumerable.Range(0, Count).Select(i => new[] { i * Math.Cos(i * 0.2), i * Math.Sin(i * 0.2), 0.1 * i })];

        var at = Embed(Squared(spiral), Count);

        var kept = Enumerable.Range(1, Count - 2).Count(i => Enumerable.Range(0, Count).Where(j => j != i).OrderBy(j => Distance(at, i, j)).Take(6).Intersect([i - 1, i + 1]).Count() == 2);
        Assert.InRange(kept, (Count - 2) * 9 / 10, Count);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(13)]
    public void Items_that_are_all_alike_lie_at_one_place(int count)
    {
        var at = Embed(new double[count * count], count);

        Assert.All(at, axis => Assert.All(axis, value => Assert.Equal(0, value)));
    }

    [Fact]
    public void Points_of_a_plane_keep_their_distances()
    {
        var random = Seeding.Stream(11, "test");
        double[][] points = [.. Enumerable.Range(0, 15).Select(_ => new[] { random.NextDouble(-3, 3), random.NextDouble(-1, 1) })];
        var squared = Squared(points);

        var at = PrincipalCoordinates.Of(squared, 15, Seeding.Stream(1, "start"));

        for (var pair = 0; pair < squared.Length; pair++)
        {
            Assert.Equal(squared[pair], Distance(at, pair / 15, pair % 15), 6);
        }
    }

    private static double[][] Embed(double[] squared, int count) =>
        Tsne.Embed(squared, count, Math.Max(1, Math.Min(10, (count - 1) / 3.0)), PrincipalCoordinates.Of(squared, count, Seeding.Stream(1, "start")), default);

    private static double[][] Groups(int groups, int each, int dimensions, double distance)
    {
        var random = Seeding.Stream(12, "test");
        return
        [
            .. Enumerable.Range(0, groups).Select(_ => Enumerable.Range(0, dimensions).Select(_ => random.NextGaussian() * distance).ToArray()).ToArray()
                .SelectMany(center => Enumerable.Range(0, each).Select(_ => center.Select(value => value + random.NextGaussian()).ToArray())),
        ];
    }

    private static double[] Squared(double[][] points) =>
        [.. points.SelectMany(a => points.Select(b => a.Zip(b, (x, y) => (x - y) * (x - y)).Sum()))];

    private static double Distance(double[][] at, int i, int j) => Math.Pow(at[0][i] - at[0][j], 2) + Math.Pow(at[1][i] - at[1][j], 2);
}
