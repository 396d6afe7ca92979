using ReidCloud.GpuRunner.Evaluation;

namespace ReidCloud.Tests.GpuRunner.Evaluation;

/// <summary>Against the draws that publications make of SYSU-MM01's test identities: the first of each trial.</summary>
public sealed class GalleryDrawsTests
{
    /// <summary>Identity, camera, how many images there are, and which one the first and the second trial choose.</summary>
    private static readonly (int Identity, int Camera, int Images, int First, int Second)[] AllSearch =
    [
        (6, 1, 42, 24, 8), (6, 2, 29, 24, 18), (6, 4, 20, 13, 2), (6, 5, 20, 1, 8), (10, 1, 34, 16, 7), (10, 2, 30, 16, 15), (10, 4, 20, 15, 14), (10, 5, 20, 12, 15),
    ];

    private static readonly (int Identity, int Camera, int Images, int First, int Second)[] IndoorSearch =
        [(6, 1, 42, 24, 8), (6, 2, 29, 24, 18), (10, 1, 34, 26, 4), (10, 2, 30, 1, 8), (27, 1, 13, 4, 1), (27, 2, 40, 32, 31)];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void One_image_of_each_identity_and_camera_is_the_published_one(bool indoor)
    {
        var groups = indoor ? IndoorSearch : AllSearch;
        var gallery = Gallery(groups);

        Assert.Equal(Places(groups, group => group.First), GalleryDraws.Seeded(gallery, 0, shots: 1));
        Assert.Equal(Places(groups, group => group.Second), GalleryDraws.Seeded(gallery, 1, shots: 1));
    }

    [Fact]
    public void Several_images_are_different_ones_and_of_few_all()
    {
        (int, int, int, int, int)[] groups = [(3, 1, 25, 0, 0), (3, 2, 4, 0, 0), (7, 1, 12, 0, 0)];
        var gallery = Gallery(groups);

        var drawn = GalleryDraws.Seeded(gallery, 3, shots: 10);

        Assert.Equal((10, 4, 10), (drawn.Count(place => place < 25), drawn.Count(place => place is >= 25 and < 29), drawn.Count(place => place >= 29)));
        Assert.Equal(drawn.Distinct().Order(), drawn);
        Assert.Equal(drawn, GalleryDraws.Seeded(gallery, 3, shots: 10));
        Assert.NotEqual(drawn, GalleryDraws.Seeded(gallery, 4, shots: 10));
    }

    [Fact]
    public void An_order_gives_the_first_of_each_group() =>
        Assert.Equal([1, 2, 3], GalleryDraws.Ordered(Gallery([(3, 1, 3, 0, 0), (4, 1, 2, 0, 0)]), [2, 3, 1, 0], shots: 2));

    private static (int Place, Sighting Seen)[] Gallery((int Identity, int Camera, int Images, int First, int Second)[] groups) =>
        [.. groups.SelectMany(group => Enumerable.Repeat(new Sighting(group.Identity, group.Camera), group.Images)).Index().Select(item => (item.Index, item.Item))];

    private static IEnumerable<int> Places((int Identity, int Camera, int Images, int First, int Second)[] groups, Func<(int Identity, int Camera, int Images, int First, int Second), int> chosen) =>
        groups.Select((group, i) => groups.Take(i).Sum(before => before.Images) + chosen(group));
}
