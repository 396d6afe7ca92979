using ReidCloud.GpuRunner.Data;

namespace ReidCloud.Tests.GpuRunner.Data;

public sealed class SeedingTests
{
    /// <summary>Results of all past runs hang on these numbers: they never change.</summary>
    [Fact]
    public void Streams_keep_their_values()
    {
        Assert.Equal(
            [0x0790FA42D01F96AD, 0x8BE4528D36B783A6, 0xB6924F1A150E8C2A, 0xBF9369AB9DB4BB81],
            Enumerable.Range(0, 4).Select(epoch => Seeding.Stream(1897, "sampler", epoch).NextUInt64()));

        var stream = Seeding.Stream(1897, "views", 3, 4, 5);
        Assert.Equal([0, 8, 1, 9, 5, 8, 7, 9, 8, 4, 2, 3], Enumerable.Range(0, 12).Select(_ => stream.NextInt(10)));
        Assert.Equal([0.877845328980365, 0.058272172608720085, 0.43056854894745367], Enumerable.Range(0, 3).Select(_ => stream.NextDouble()));
        Assert.Equal([0, 4, 2, 5, 3, 6, 1, 7], stream.Permutation(8));
    }

    [Fact]
    public void The_same_name_gives_the_same_stream_and_every_part_of_it_counts()
    {
        Assert.Equal(Seeding.Stream(1, "a", 2, 3).NextUInt64(), Seeding.Stream(1, "a", 2, 3).NextUInt64());

        ulong[] firsts =
        [
            Seeding.Stream(1, "a", 2, 3).NextUInt64(),
            Seeding.Stream(2, "a", 2, 3).NextUInt64(),
            Seeding.Stream(1, "b", 2, 3).NextUInt64(),
            Seeding.Stream(1, "a", 3, 2).NextUInt64(),
            Seeding.Stream(1, "a", 2).NextUInt64(),
            Seeding.Stream(1, "a", 2, 3, 0).NextUInt64(),
        ];
        Assert.Equal(firsts.Length, firsts.Distinct().Count());
    }
}
