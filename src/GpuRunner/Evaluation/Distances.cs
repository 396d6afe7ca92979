using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>Distances between every query and every gallery item (Q queries, G gallery items, D numbers each), float32.</summary>
internal static class Distances
{
    /// <summary>What AlignedReID adds to a length before it divides by it at test time: the float32 epsilon, 2⁻²³ (its spec §2).</summary>
    public const double LengthFloor = 1.0 / (1 << 23);

    /// <summary>By less than that no vector is divided when its length is made 1.</summary>
    public const double SmallestLength = 1e-12;

    public static Tensor Between(Tensor query_QD, Tensor gallery_GD, DistanceMetric metric, bool normalize = false)
    {
        using var query = new GlobalFeatures(query_QD, new FeatureDistance(metric, normalize));
        using var gallery = new GlobalFeatures(gallery_GD, new FeatureDistance(metric, normalize));
        var distances = new float[query.Count * gallery.Count];
        query.To(0, query.Count, gallery, 0, distances);
        return tensor(distances, [query.Count, gallery.Count]);
    }

    /// <summary>Embeddings whose Euclidean distances are theirs, or go with theirs.</summary>
    public static Tensor Prepare(Tensor embedding_ND, DistanceMetric metric, bool normalize = false) => metric switch
    {
        DistanceMetric.Cosine => embedding_ND / embedding_ND.square().sum([1], keepdim: true).sqrt().clamp_min(SmallestLength),
        DistanceMetric.Euclidean => normalize ? Normalized(embedding_ND.to(float64)) : embedding_ND.to(float64),
    };

    /// <summary>By the length of the last dimension, as AlignedReID divides at test time.</summary>
    public static Tensor Normalized(Tensor feature) => feature / (feature.square().sum([-1], keepdim: true).sqrt() + LengthFloor);

    /// <summary>In the precision of the features: |x|² + |y|² − 2xy loses the digits of near neighbors in single precision.</summary>
    internal static Tensor Euclidean(Tensor query_QD, Tensor gallery_GD)
    {
        var squares = query_QD.square().sum([1], keepdim: true) + gallery_GD.square().sum([1], keepdim: true).t();
        using var product = query_QD.matmul(gallery_GD.t());

        // In place: these are the largest tensors of an evaluation.
        return squares.sub_(product.mul_(2)).clamp_min_(0).sqrt_();
    }
}
