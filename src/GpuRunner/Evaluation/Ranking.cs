using System.Numerics;
using System.Runtime.InteropServices;
using ReidCloud.Specs;

namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>
/// Ranks a gallery for a query without sorting it. CMC, average precision and mINP need only where the matches stand, so what ranks before each match is
/// counted, in one pass that looks at most distances only to see, several at once, that they are farther than the last match: no memory beyond the row of distances, no order of it.
/// Equal distances: the lower gallery index comes first, which is what a stable sort gives. Distances must be numbers.
/// </summary>
internal static class Ranking
{
    public static QueryRanks Rank(ReadOnlySpan<float> distances, Sighting query, GalleryIndex gallery, RetrievalProtocol protocol)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(distances.Length, gallery.Count);
        var (places, junk) = gallery.Of(query, protocol);
        var matches = new Entry[places.Length];
        for (var match = 0; match < matches.Length; match++)
        {
            matches[match] = new Entry(distances[places[match]], places[match]);
        }

        Array.Sort(matches);
        var pass = new Pass(distances, matches);
        var begin = 0;
        foreach (var place in junk)
        {
            pass.Read(begin, place);
            begin = place + 1;
        }

        pass.Read(begin, distances.Length);
        return pass.Ranks(junk);
    }

    /// <summary>Ranks every row of a matrix of distances, in parallel; results stand in the order of the queries.</summary>
    public static QueryRanks[] RankAll(ReadOnlyMemory<float> distances_QG, ReadOnlyMemory<Sighting> queries, GalleryIndex gallery, RetrievalProtocol protocol)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(distances_QG.Length, queries.Length * gallery.Count);
        var ranks = new QueryRanks[queries.Length];
        Parallel.For(0, queries.Length, query =>
            ranks[query] = Rank(distances_QG.Span.Slice(query * gallery.Count, gallery.Count), queries.Span[query], gallery, protocol));
        return ranks;
    }

    /// <summary>One pass over a row, stretch by stretch between the junk.</summary>
    private ref struct Pass(ReadOnlySpan<float> distances, Entry[] matches)
    {
        private readonly ReadOnlySpan<float> _distances = distances;
        private readonly int[] _before = new int[matches.Length];
        private readonly float _last = matches.Length > 0 ? matches[^1].Distance : float.NegativeInfinity;
        private bool _ties = HasTies(matches);
        private int _nearest = -1;

        public void Read(int begin, int end)
        {
            ref var first = ref MemoryMarshal.GetReference(_distances);
            var (item, reach) = (begin, Reach);
            for (; item <= end - Vector<float>.Count; item += Vector<float>.Count)
            {
                if (Vector.LessThanOrEqualAny(Vector.LoadUnsafe(ref first, (nuint)item), new Vector<float>(reach)))
                {
                    Look(item, item + Vector<float>.Count);
                    reach = Reach;
                }
            }

            Look(item, end);
        }

        public readonly QueryRanks Ranks(int[] junk)
        {
            // before[m] counts what stands between match m − 1 and match m, match m − 1 included.
            for (var match = 1; match < _before.Length; match++)
            {
                _before[match] += _before[match - 1];
            }

            return new QueryRanks(_nearest, _before) { Thresholds = _ties ? Thresholds(_distances, junk, matches) : null };
        }

        /// <summary>What is farther neither ranks before a match nor is the nearest.</summary>
        private readonly float Reach => _nearest < 0 ? float.PositiveInfinity : Math.Max(_last, _distances[_nearest]);

        private void Look(int begin, int end)
        {
            for (var item = begin; item < end; item++)
            {
                var entry = new Entry(_distances[item], item);
                if (_nearest < 0 || entry.Distance < _distances[_nearest])
                {
                    _nearest = item;
                }

                if (entry.Distance > _last || matches.Length == 0)
                {
                    continue;
                }

                if (entry.CompareTo(matches[^1]) < 0)
                {
                    var after = FirstAfter(matches, entry);
                    _before[after]++;
                    _ties |= IsTied(matches, after, entry);
                }
                else
                {
                    _ties |= entry.Item != matches[^1].Item;
                }
            }
        }
    }

    private static bool HasTies(Entry[] matches)
    {
        for (var match = 1; match < matches.Length; match++)
        {
            if (matches[match].Distance == matches[match - 1].Distance)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether an item that is no match stands exactly as far as the match before or after it.</summary>
    private static bool IsTied(Entry[] matches, int after, Entry entry) =>
        (matches[after].Distance == entry.Distance && matches[after].Item != entry.Item)
        || (after > 0 && matches[after - 1].Distance == entry.Distance && matches[after - 1].Item != entry.Item);

    /// <summary>Ties are rare: only then the row is read once more.</summary>
    private static (int Nearer, int Within)[] Thresholds(ReadOnlySpan<float> distances, int[] junk, Entry[] matches)
    {
        float[] levels = [.. matches.Select(match => match.Distance).Distinct()];
        var (below, at) = (new int[levels.Length], new int[levels.Length]);
        for (var item = 0; item < distances.Length; item++)
        {
            if (distances[item] <= levels[^1] && Array.BinarySearch(junk, item) < 0)
            {
                var level = Array.BinarySearch(levels, distances[item]);
                (level >= 0 ? at : below)[level >= 0 ? level : ~level]++;
            }
        }

        var (thresholds, count) = (new Dictionary<float, (int, int)>(), 0);
        for (var level = 0; level < levels.Length; level++)
        {
            count += below[level];
            thresholds[levels[level]] = (count, count + at[level]);
            count += at[level];
        }

        return Array.ConvertAll(matches, match => thresholds[match.Distance]);
    }

    /// <summary>The place of the first match that ranks after the entry. There is one.</summary>
    private static int FirstAfter(Entry[] matches, Entry entry)
    {
        var (low, high) = (0, matches.Length - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (entry.CompareTo(matches[middle]) < 0)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low;
    }

    private readonly record struct Entry(float Distance, int Item) : IComparable<Entry>
    {
        public int CompareTo(Entry other) =>
            Distance < other.Distance ? -1 : Distance > other.Distance ? 1 : Item.CompareTo(other.Item);
    }
}
