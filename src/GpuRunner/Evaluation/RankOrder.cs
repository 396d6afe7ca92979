using ReidCloud.Specs;

namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>The gallery in the order in which a query finds it, junk left out. Equal distances: the lower gallery index comes first, as <see cref="Ranking"/> has it.</summary>
internal static class RankOrder
{
    private const int IndexBits = 32;

    /// <summary>Places in the gallery, the nearest first.</summary>
    public static int[] Of(ReadOnlySpan<float> distances, Sighting query, ReadOnlySpan<Sighting> gallery, RetrievalProtocol protocol)
    {
        var (keys, count) = (new long[gallery.Length], 0);
        for (var item = 0; item < gallery.Length; item++)
        {
            if (!gallery[item].IsJunkFor(query, protocol))
            {
                keys[count++] = ((long)Sortable(distances[item]) << IndexBits) | (uint)item;
            }
        }

        Array.Resize(ref keys, count);
        Array.Sort(keys);
        return Array.ConvertAll(keys, key => (int)(uint)key);
    }

    /// <summary>A number in the order of the distances: the bits of a positive float are, those of a negative one in reverse. Adding 0 leaves no negative zero.</summary>
    private static int Sortable(float distance)
    {
        var bits = BitConverter.SingleToInt32Bits(distance + 0f);
        return bits ^ ((bits >> 31) & int.MaxValue);
    }
}
