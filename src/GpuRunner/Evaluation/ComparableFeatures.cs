using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>A set's features, made ready once to be compared with others of the same kind. They are read as long as this lives.</summary>
internal sealed class ComparableFeatures(EmbeddingSet set, FeatureDistance distance) : IDisposable
{
    /// <summary>Distances between stripes in memory at once: 32 MB in double precision.</summary>
    private const int StripePairs = 1 << 22;

    private readonly GlobalFeatures? _global = distance.UsesGlobal ? new GlobalFeatures(set.Embedding_ND, distance) : null;
    private readonly Tensor? _local_NHC = !distance.UsesLocal ? null
        : (set.Local_NHC ?? throw new ArgumentException("these items were embedded without their stripes", nameof(set))).to(distance.Device ?? set.Local_NHC.device).DetachFromDisposeScope();

    public int Count => set.Sightings.Length;

    /// <summary>Of so many distances as are best in a tile: those of stripes take long, and products of a few rows take longer than they need.</summary>
    public int DistancesPerTile => distance.UsesLocal ? 1 << 22 : 1 << 26;

    /// <summary>Of some of these items to the others from one of them on, row by row.</summary>
    /// <param name="into">Has room for them at its beginning.</param>
    public void To(int first, int count, ComparableFeatures others, int from, float[] into)
    {
        if (count == 0 || from == others.Count)
        {
            return;
        }

        _global?.To(first, count, others._global!, from, into);
        if (_local_NHC is not null)
        {
            using var scope = NewDisposeScope();
            AddLocal(_local_NHC.narrow(0, first, count), others._local_NHC!.narrow(0, from, others.Count - from), into);
        }
    }

    /// <summary>Of each of some of these items to the item at the same place of some others.</summary>
    public float[] OfPairs(int[] places, ComparableFeatures others, int[] otherPlaces)
    {
        var distances = new float[places.Length];
        if (_global is not null)
        {
            Parallel.For(0, places.Length, pair => distances[pair] = _global.To(places[pair], others._global!, otherPlaces[pair]));
        }

        if (_local_NHC is not null)
        {
            using var scope = NewDisposeScope();
            Tensor Stripes(Tensor local_NHC, int[] of) => local_NHC.index_select(0, tensor(Array.ConvertAll(of, place => (long)place), device: local_NHC.device));
            var local = LocalDistances.OfPairs(Stripes(_local_NHC, places), Stripes(others._local_NHC!, otherPlaces), distance.NormalizesStripes).cpu().data<float>();
            for (var pair = 0; pair < distances.Length; pair++)
            {
                distances[pair] += local[pair];
            }
        }

        return distances;
    }

    public void Dispose()
    {
        _global?.Dispose();
        _local_NHC?.Dispose();
    }

    private void AddLocal(Tensor query_QHC, Tensor gallery_GHC, float[] into)
    {
        var (queries, gallery, perPair) = (query_QHC.shape[0], gallery_GHC.shape[0], query_QHC.shape[1] * gallery_GHC.shape[1]);
        var side = Math.Max(1, (long)Math.Sqrt(StripePairs / (double)Math.Max(1, perPair)));
        var distance_QG = from_array(into).narrow(0, 0, queries * gallery).view(queries, gallery);
        for (var q = 0L; q < queries; q += side)
        {
            for (var g = 0L; g < gallery; g += side)
            {
                using var scope = NewDisposeScope();
                var (height, width) = (Math.Min(side, queries - q), Math.Min(side, gallery - g));
                var local = LocalDistances.Between(query_QHC.narrow(0, q, height), gallery_GHC.narrow(0, g, width), distance.NormalizesStripes).cpu();
                var place = distance_QG.narrow(0, q, height).narrow(1, g, width);
                _ = _global is null ? place.copy_(local) : place.add_(local);
            }
        }
    }
}
