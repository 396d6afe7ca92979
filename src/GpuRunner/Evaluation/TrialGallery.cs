using System.Buffers;
using ReidCloud.Datasets;
using ReidCloud.Specs;

namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>
/// One drawn gallery, and what of it a query sees: nothing that was taken in the room of the query's own camera, whoever it shows. CMC counts identities, each by its nearest image; precisions
/// are of images. Datasets, §1.4.
/// </summary>
/// <param name="places">Of the drawn images among all, ascending.</param>
/// <param name="gallery">All images, drawn or not.</param>
/// <param name="roomOf">The room of a camera.</param>
internal sealed class TrialGallery(int[] places, Sighting[] gallery, Func<int, int> roomOf)
{
    private readonly Dictionary<int, Part> _parts = [];
    private readonly HashSet<int> _rooms = [.. places.Select(place => roomOf(gallery[place].Camera))];
    private readonly Part _whole = new(places, gallery);

    public int Count => places.Length;

    public int Identities => _whole.Identities;

    /// <summary>Makes what queries by these cameras see, so that any number of threads may ask from now on.</summary>
    public void Prepare(IEnumerable<int> cameras)
    {
        foreach (var room in cameras.Select(roomOf).Where(_rooms.Contains).Distinct())
        {
            _parts.TryAdd(room, new Part(Array.FindAll(places, place => roomOf(gallery[place].Camera) != room), gallery));
        }
    }

    /// <summary>Where the query's matches stand among images, and before how many other identities the first; of distances to the whole gallery.</summary>
    public (QueryRanks Ranks, int IdentitiesBefore) Find(ReadOnlySpan<float> distances, Sighting query) => _parts.GetValueOrDefault(roomOf(query.Camera), _whole).Find(distances, query);

    private sealed class Part
    {
        private readonly int[] _places;
        private readonly int[] _identities;
        private readonly GalleryIndex _index;

        public Part(int[] places, Sighting[] gallery)
        {
            Sighting[] items = Array.ConvertAll(places, place => gallery[place]);
            var numbers = items.Select(item => item.Identity).Distinct().Index().ToDictionary(identity => identity.Item, identity => identity.Index);
            (_places, _identities, _index) = (places, Array.ConvertAll(items, item => numbers[item.Identity]), new GalleryIndex(items));
            Identities = numbers.Count;
        }

        public int Identities { get; }

        public (QueryRanks Ranks, int IdentitiesBefore) Find(ReadOnlySpan<float> distances, Sighting query)
        {
            var rented = ArrayPool<float>.Shared.Rent(_places.Length);
            try
            {
                var seen = rented.AsSpan(0, _places.Length);
                for (var item = 0; item < seen.Length; item++)
                {
                    seen[item] = distances[_places[item]];
                }

                var ranks = Ranking.Rank(seen, query, _index, RetrievalProtocol.SysuMm01);
                return (ranks, ranks.HasMatch ? IdentitiesBefore(seen, query) : 0);
            }
            finally
            {
                ArrayPool<float>.Shared.Return(rented);
            }
        }

        private int IdentitiesBefore(ReadOnlySpan<float> distances, Sighting query)
        {
            var (own, first) = (-1, -1);
            foreach (var match in _index.Of(query, RetrievalProtocol.SysuMm01).Matches)
            {
                if (first < 0 || distances[match] < distances[first])
                {
                    (own, first) = (_identities[match], match);
                }
            }

            var (before, counted) = (0, new bool[Identities]);
            for (var item = 0; item < distances.Length; item++)
            {
                var identity = _identities[item];
                if (identity != own && !counted[identity] && (distances[item] < distances[first] || (distances[item] == distances[first] && item < first)))
                {
                    counted[identity] = true;
                    before++;
                }
            }

            return before;
        }
    }
}
