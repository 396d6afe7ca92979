using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Evaluation;

namespace ReidCloud.Tests.GpuRunner.Evaluation;

public sealed class NearestItemsTests
{
    /// <summary>Equal distances, tiles cut anywhere, and as many neighbors as items.</summary>
    [Fact]
    public void Are_the_first_of_a_stable_sort()
    {
        var random = Seeding.Stream(1, "test");
        for (var trial = 0; trial < 300; trial++)
        {
            var count = 1 + random.NextInt(trial % 10 == 0 ? 150 : 40);
            var (perItem, levels, all) = (1 + random.NextInt(Math.Min(count, 21)), random.NextBool(0.5) ? 5 : 5000, new float[count, count]);
            for (var i = 0; i < count; i++)
            {
                for (var j = 0; j <= i; j++)
                {
                    all[i, j] = all[j, i] = random.NextInt(levels) / (float)levels;
                }
            }

            var nearest = NearestItems.Find(Cut(all, random), perItem, Square, null, CancellationToken.None);

            for (var i = 0; i < count; i++)
            {
                var sorted = Enumerable.Range(0, count).OrderBy(j => all[i, j]).ToList();
                Assert.Equal(sorted.Take(perItem), nearest.Of(i, perItem).ToArray());
                Assert.All(sorted.Take(perItem), j => Assert.Equal(all[i, j] * all[i, j], nearest.Squared(i, j)));
                Assert.All(sorted.Skip(perItem), j => Assert.Null(nearest.Squared(i, j)));
                Assert.Equal(all[i, sorted[^1]] * all[i, sorted[^1]], nearest.Farthest[i]);
            }
        }
    }

    private static void Square(Span<float> distances)
    {
        foreach (ref var distance in distances)
        {
            distance *= distance;
        }
    }

    private static ItemDistances Cut(float[,] all, RandomStream random)
    {
        var count = all.GetLength(0);
        IEnumerable<DistanceTile> Tiles()
        {
            for (int first = 0, rows; first < count; first += rows)
            {
                rows = 1 + random.NextInt(count - first);
                yield return new DistanceTile(
                    first, rows, Enumerable.Range(first, rows).SelectMany(row => Enumerable.Range(first, count - first).Select(column => all[row, column])).ToArray());
            }
        }

        return new ItemDistances(count, _ => Tiles(), (_, _) => []);
    }
}
