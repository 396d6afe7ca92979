using ReidCloud.Datasets;

namespace ReidCloud.Tests.Shared.Datasets;

/// <summary>Against NumPy 1.24 itself.</summary>
public sealed class NumpyRandomTests
{
    [Fact]
    public void Shuffles_as_NumPy_does()
    {
        Assert.Equal([2, 9, 6, 4, 0, 3, 1, 7, 8, 5], Shuffled(10, 1));

        var many = Shuffled(100_000, 7);
        Assert.Equal([33909, 92307, 89107, 9538, 31008], many[..5]);
        Assert.Equal(650951, many.Index().Sum(item => (long)item.Index * item.Item) % 1_000_003);
    }

    [Fact]
    public void Nothing_and_one_are_left_as_they_are()
    {
        Assert.Empty(Shuffled(0, 1));
        Assert.Equal([0], Shuffled(1, 1));
        Assert.Equal(0u, new NumpyRandom(1).UpTo(0));
    }

    private static int[] Shuffled(int count, uint seed)
    {
        int[] items = [.. Enumerable.Range(0, count)];
        new NumpyRandom(seed).Shuffle<int>(items);
        return items;
    }
}
