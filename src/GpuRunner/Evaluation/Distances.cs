using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>Distances between every query and every gallery item (Q queries, G gallery items, D numbers each), float32.</summary>
internal static class Distances
{
    /// <summary>What AlignedReID adds to a length before it divides by it at test time: the float32 epsilon, 2⁻²³ (its spec §2).</summary>
    public const double LengthFloor = 1.0 / (1 << 23);

    private const double SmallestLength = 1e-12;

    public static Tensor Between(Tensor query_QD, Tensor gallery_GD, DistanceMetric metric, bool normalize = false)
    {
        using var scope = NewDisposeScope();
        return Of(Prepare(query_QD, metric, normalize), Prepare(gallery_GD, metric, normalize), metric).MoveToOuterDisposeScope();
    }

    /// <summary>What has to be done to embeddings once, however many tiles follow.</summary>
    public static Tensor Prepare(Tensor embedding_ND, DistanceMetric metric, bool normalize = false) => metric switch
    {
        DistanceMetric.Cosine => embedding_ND / embedding_ND.square().sum([1], keepdim: true).sqrt().clamp_min(SmallestLength),

        // |x|² + |y|² − 2xy loses the digits of near neighbors in single precision.
        DistanceMetric.Euclidean => normalize ? Normalized(embedding_ND.to(float64)) : embedding_ND.to(float64),
    };

    /// <summary>From prepared embeddings.</summary>
    public static Tensor Of(Tensor query_QD, Tensor gallery_GD, DistanceMetric metric) => metric switch
    {
        DistanceMetric.Cosine => OneLessProduct(query_QD, gallery_GD),
        DistanceMetric.Euclidean => Euclidean(query_QD, gallery_GD).to(float32),
    };

    /// <summary>From prepared embeddings, of each row of one to the same row of the other.</summary>
    public static Tensor OfPairs(Tensor one_PD, Tensor other_PD, DistanceMetric metric) => metric switch
    {
        DistanceMetric.Cosine => 1 - (one_PD * other_PD).sum([1]),
        DistanceMetric.Euclidean => (one_PD - other_PD).square().sum([1]).sqrt().to(float32),
    };

    /// <summary>By the length of the last dimension, as AlignedReID divides at test time.</summary>
    public static Tensor Normalized(Tensor feature) => feature / (feature.square().sum([-1], keepdim: true).sqrt() + LengthFloor);

    /// <summary>1 − x·y: of vectors of length 1 the cosine distance.</summary>
    internal static Tensor OneLessProduct(Tensor query_QD, Tensor gallery_GD) => 1 - query_QD.matmul(gallery_GD.t());

    /// <summary>In the precision of the features.</summary>
    internal static Tensor Euclidean(Tensor query_QD, Tensor gallery_GD)
    {
        var squares = query_QD.square().sum([1], keepdim: true) + gallery_GD.square().sum([1], keepdim: true).t();
        using var product = query_QD.matmul(gallery_GD.t());

        // In place: these are the largest tensors of an evaluation.
        return squares.sub_(product.mul_(2)).clamp_min_(0).sqrt_();
    }
}
