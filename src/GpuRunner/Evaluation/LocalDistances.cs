using ReidCloud.GpuRunner.Alignment;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>
/// AlignedReID's local distance as its tests measure it (its spec §2): stripes divided by their length plus 2⁻²³ where they are normalised, squares clipped at 0. An image is not at distance
/// 0 from itself. In double precision, where near neighbors keep their digits.
/// </summary>
internal static class LocalDistances
{
    /// <summary>Of Q images to G images (H and K stripes of C numbers), float32. The distances of all stripes are in memory at once: H · K for each pair.</summary>
    public static Tensor Between(Tensor query_QHC, Tensor gallery_GKC, bool normalize)
    {
        using var scope = NewDisposeScope();
        var (query, gallery) = (Stripes(query_QHC, normalize), Stripes(gallery_GKC, normalize));
        var euclidean = Distances.Euclidean(query.flatten(0, 1), gallery.flatten(0, 1)).view(query.shape[0], query.shape[1], gallery.shape[0], gallery.shape[1]);
        return OfStripes(euclidean.permute(1, 3, 0, 2)).MoveToOuterDisposeScope();
    }

    /// <summary>Of each of P images to the image at the same place of the other.</summary>
    public static Tensor OfPairs(Tensor one_PHC, Tensor other_PKC, bool normalize)
    {
        using var scope = NewDisposeScope();
        var (one, other) = (Stripes(one_PHC, normalize), Stripes(other_PKC, normalize));
        return OfStripes((one.unsqueeze(2) - other.unsqueeze(1)).square().sum([3]).sqrt().permute(1, 2, 0)).MoveToOuterDisposeScope();
    }

    private static Tensor Stripes(Tensor local_NHC, bool normalize) => normalize ? Distances.Normalized(local_NHC.to(float64)) : local_NHC.to(float64);

    private static Tensor OfStripes(Tensor euclidean_HK) => LocalDistance.ShortestPath(LocalDistance.Elements(euclidean_HK).contiguous()).to(float32);
}
