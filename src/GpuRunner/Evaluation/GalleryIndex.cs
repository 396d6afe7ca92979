using ReidCloud.Datasets;
using ReidCloud.Specs;

namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>A gallery, and where each identity stands in it: only there are matches of a query, and junk.</summary>
internal sealed class GalleryIndex(Sighting[] items)
{
    private readonly Dictionary<int, int[]> _places = items.Index().GroupBy(item => item.Item.Identity, item => item.Index).ToDictionary(group => group.Key, group => group.ToArray());

    public int Count => items.Length;

    /// <summary>Both in ascending order.</summary>
    public (int[] Matches, int[] Junk) Of(Sighting query, RetrievalProtocol protocol)
    {
        var same = _places.GetValueOrDefault(query.Identity, []);
        var (junk, matches) = (Array.FindAll(same, place => items[place].IsJunkFor(query, protocol)), Array.FindAll(same, place => items[place].Matches(query, protocol)));
        return (matches, junk);
    }
}
