using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>A set's features, made ready once to be compared with others of the same kind; owns what it made.</summary>
internal sealed class ComparableFeatures(EmbeddingSet set, FeatureDistance distance) : IDisposable
{
    /// <summary>Distances between stripes in memory at once: 32 MB in double precision.</summary>
    private const int StripePairs = 1 << 22;

    private readonly Tensor? _global_ND = distance.UsesGlobal ? Prepared(set.Embedding_ND, distance) : null;
    private readonly Tensor? _local_NHC = !distance.UsesLocal ? null
        : set.Local_NHC ?? throw new ArgumentException("these items were embedded without their stripes", nameof(set));

    public int Count => set.Sightings.Length;

    /// <summary>Of some of these items to all of the others, row by row.</summary>
    public float[] To(int first, int count, ComparableFeatures others)
    {
        using var scope = NewDisposeScope();
        var global_QG = _global_ND is null ? null : Distances.Of(_global_ND.narrow(0, first, count), others._global_ND!, distance.Metric);
        var local_QG = _local_NHC is null ? null : Local(_local_NHC.narrow(0, first, count), others._local_NHC!);
        return Sum(global_QG, local_QG).cpu().data<float>().ToArray();
    }

    /// <summary>Of each of some of these items to the item at the same place of some others.</summary>
    public float[] OfPairs(int[] places, ComparableFeatures others, int[] otherPlaces)
    {
        using var scope = NewDisposeScope();
        var (one, other) = (tensor(Array.ConvertAll(places, place => (long)place)), tensor(Array.ConvertAll(otherPlaces, place => (long)place)));
        Tensor? Pairs(Tensor? features, Tensor? otherFeatures, Func<Tensor, Tensor, Tensor> between) =>
            features is null ? null : between(features.index_select(0, one), otherFeatures!.index_select(0, other));
        return Sum(
            Pairs(_global_ND, others._global_ND, (x, y) => Distances.OfPairs(x, y, distance.Metric)),
            Pairs(_local_NHC, others._local_NHC, (x, y) => LocalDistances.OfPairs(x, y, distance.NormalizesStripes))).cpu().data<float>().ToArray();
    }

    public void Dispose() => _global_ND?.Dispose();

    private Tensor Local(Tensor query_QHC, Tensor gallery_GHC)
    {
        var (queries, gallery, perPair) = (query_QHC.shape[0], gallery_GHC.shape[0], query_QHC.shape[1] * gallery_GHC.shape[1]);
        var side = Math.Max(1, (long)Math.Sqrt(StripePairs / (double)Math.Max(1, perPair)));
        var distance_QG = zeros([queries, gallery]);
        for (var q = 0L; q < queries; q += side)
        {
            for (var g = 0L; g < gallery; g += side)
            {
                using var scope = NewDisposeScope();
                var (height, width) = (Math.Min(side, queries - q), Math.Min(side, gallery - g));
                distance_QG.narrow(0, q, height).narrow(1, g, width).copy_(
                    LocalDistances.Between(query_QHC.narrow(0, q, height), gallery_GHC.narrow(0, g, width), distance.NormalizesStripes));
            }
        }

        return distance_QG;
    }

    private static Tensor Sum(Tensor? global, Tensor? local) => (global, local) switch
    {
        ({ }, { }) => global + local,
        _ => global ?? local!,
    };

    private static Tensor Prepared(Tensor embedding_ND, FeatureDistance distance)
    {
        using var scope = NewDisposeScope();
        return Distances.Prepare(embedding_ND, distance.Metric, distance.Normalize).DetachFromDisposeScope();
    }
}
