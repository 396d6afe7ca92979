using ReidCloud.Datasets;

namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>
/// The images that a trial's gallery has: of each identity by each camera so many, chosen among those in the order of their names. Seeded as usual in place of the official permutations
/// (datasets, §1.4): Python's generator seeded with the trial's number, identities and in each its cameras in ascending order, one choice each. Several images are chosen one after the other,
/// each among those that are left.
/// </summary>
internal static class GalleryDraws
{
    /// <param name="gallery">All that may be chosen from, each group in the order of names.</param>
    /// <param name="trial">From 0.</param>
    /// <returns>Places in the gallery, ascending.</returns>
    public static int[] Seeded(IReadOnlyList<(int Place, Sighting Seen)> gallery, int trial, int shots)
    {
        var random = new PythonRandom((uint)trial);
        return Chosen(gallery, group => Some(random, group, shots));
    }

    /// <param name="order">Of the authors' draw: places in their order.</param>
    public static int[] Ordered(IReadOnlyList<(int Place, Sighting Seen)> gallery, IReadOnlyList<int> order, int shots)
    {
        var ranks = order.Index().ToDictionary(item => item.Item, item => item.Index);
        return Chosen(gallery, group => group.Select(item => item.Place).Where(ranks.ContainsKey).OrderBy(place => ranks[place]).Take(shots));
    }

    private static int[] Chosen(IReadOnlyList<(int Place, Sighting Seen)> gallery, Func<IReadOnlyList<(int Place, Sighting Seen)>, IEnumerable<int>> choose) =>
    [
        .. gallery.GroupBy(item => (item.Seen.Identity, item.Seen.Camera)).OrderBy(group => group.Key.Identity).ThenBy(group => group.Key.Camera)
            .SelectMany(group => choose([.. group])).Order(),
    ];

    private static IEnumerable<int> Some(PythonRandom random, IReadOnlyList<(int Place, Sighting Seen)> group, int shots)
    {
        List<int> left = [.. group.Select(item => item.Place)];
        for (var shot = 0; shot < shots && left.Count > 0; shot++)
        {
            var chosen = random.Below(left.Count);
            yield return left[chosen];
            left.RemoveAt(chosen);
        }
    }
}
