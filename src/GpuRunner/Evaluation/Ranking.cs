using System.Buffers;
using ReidCloud.Specs;

namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>
/// Ranks a gallery for a query without sorting it. CMC, average precision and mINP need only where the matches stand, so what ranks before each match is
/// counted: O(gallery · log matches) and no memory beyond one row of distances. Equal distances: the lower gallery index comes first, which is
/// what a stable sort gives. Distances must be numbers.
/// </summary>
internal static class Ranking
{
    public static QueryRanks Rank(ReadOnlySpan<float> distances, Sighting query, ReadOnlySpan<Sighting> gallery, RetrievalProtocol protocol)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(distances.Length, gallery.Length);
        var matches = MatchesInOrder(distances, query, gallery, protocol);
        var before = new int[matches.Length];
        var ties = HasTies(matches);
        var nearest = -1;
        for (var item = 0; item < gallery.Length; item++)
        {
            if (gallery[item].IsJunkFor(query, protocol))
            {
                continue;
            }

            var entry = new Entry(distances[item], item);
            if (nearest < 0 || entry.Distance < distances[nearest])
            {
                nearest = item;
            }

            if (matches.Length > 0 && entry.CompareTo(matches[^1]) < 0)
            {
                var after = FirstAfter(matches, entry);
                before[after]++;
                ties |= IsTied(matches, after, entry);
            }
            else
            {
                ties |= matches.Length > 0 && entry.Distance == matches[^1].Distance && entry.Item != matches[^1].Item;
            }
        }

        // before[m] counts what stands between match m − 1 and match m, match m − 1 included.
        for (var match = 1; match < before.Length; match++)
        {
            before[match] += before[match - 1];
        }

        return new QueryRanks(nearest, before) { Thresholds = ties ? Thresholds(distances, query, gallery, protocol, matches) : null };
    }

    /// <summary>Ranks every row of a matrix of distances, in parallel; results stand in the order of the queries.</summary>
    public static QueryRanks[] RankAll(
        ReadOnlyMemory<float> distances_QG, ReadOnlyMemory<Sighting> queries, ReadOnlyMemory<Sighting> gallery, RetrievalProtocol protocol)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(distances_QG.Length, queries.Length * gallery.Length);
        var ranks = new QueryRanks[queries.Length];
        Parallel.For(0, queries.Length, query =>
            ranks[query] = Rank(distances_QG.Span.Slice(query * gallery.Length, gallery.Length), queries.Span[query], gallery.Span, protocol));
        return ranks;
    }

    private static Entry[] MatchesInOrder(ReadOnlySpan<float> distances, Sighting query, ReadOnlySpan<Sighting> gallery, RetrievalProtocol protocol)
    {
        var found = new ArrayBufferWriter<Entry>();
        for (var item = 0; item < gallery.Length; item++)
        {
            if (gallery[item].Matches(query, protocol))
            {
                found.GetSpan(1)[0] = new Entry(distances[item], item);
                found.Advance(1);
            }
        }

        var matches = found.WrittenSpan.ToArray();
        Array.Sort(matches);
        return matches;
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
    private static (int Nearer, int Within)[] Thresholds(
        ReadOnlySpan<float> distances, Sighting query, ReadOnlySpan<Sighting> gallery, RetrievalProtocol protocol, Entry[] matches)
    {
        float[] levels = [.. matches.Select(match => match.Distance).Distinct()];
        var (below, at) = (new int[levels.Length], new int[levels.Length]);
        for (var item = 0; item < gallery.Length; item++)
        {
            if (distances[item] <= levels[^1] && !gallery[item].IsJunkFor(query, protocol))
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
