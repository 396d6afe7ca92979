using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>Distances between every query and every gallery item (Q queries, G gallery items, D numbers each), float32.</summary>
internal static class Distances
{
    private const double SmallestLength = 1e-12;

    public static Tensor Between(Tensor query_QD, Tensor gallery_GD, DistanceMetric metric)
    {
        using var scope = NewDisposeScope();
        return Of(Prepare(query_QD, metric), Prepare(gallery_GD, metric), metric).MoveToOuterDisposeScope();
    }

    /// <summary>What has to be done to embeddings once, however many tiles follow.</summary>
    public static Tensor Prepare(Tensor embedding_ND, DistanceMetric metric) => metric switch
    {
        DistanceMetric.Cosine => embedding_ND / embedding_ND.square().sum([1], keepdim: true).sqrt().clamp_min(SmallestLength),

        // |x|² + |y|² − 2xy loses the digits of near neighbors in single precision.
        DistanceMetric.Euclidean => embedding_ND.to(float64),
    };

    /// <summary>From prepared embeddings.</summary>
    public static Tensor Of(Tensor query_QD, Tensor gallery_GD, DistanceMetric metric) => metric switch
    {
        DistanceMetric.Cosine => OneLessProduct(query_QD, gallery_GD),
        DistanceMetric.Euclidean => Euclidean(query_QD, gallery_GD),
    };

    /// <summary>1 − x·y: of vectors of length 1 the cosine distance.</summary>
    internal static Tensor OneLessProduct(Tensor query_QD, Tensor gallery_GD) => 1 - query_QD.matmul(gallery_GD.t());

    private static Tensor Euclidean(Tensor query_QD, Tensor gallery_GD)
    {
        var squares = query_QD.square().sum([1], keepdim: true) + gallery_GD.square().sum([1], keepdim: true).t();
        return (squares - (2 * query_QD.matmul(gallery_GD.t()))).clamp_min(0).sqrt().to(float32);
    }
}
