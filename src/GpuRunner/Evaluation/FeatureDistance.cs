using ReidCloud.Specs;

namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>Which features are compared, and how.</summary>
internal readonly record struct FeatureDistance(DistanceMetric Metric, bool Normalize = false, RetrievalDistance Features = RetrievalDistance.Global)
{
    public bool UsesGlobal => Features is RetrievalDistance.Global or RetrievalDistance.Combined;

    public bool UsesLocal => Features is RetrievalDistance.Local or RetrievalDistance.Combined;

    /// <summary>Cosine distances compare directions, so stripes beside them have length 1, too.</summary>
    public bool NormalizesStripes => Normalize || Metric == DistanceMetric.Cosine;

    public static FeatureDistance Of(EvaluationSpec spec, RetrievalDistance features = RetrievalDistance.Global) => new(spec.Metric, spec.NormalizeFeatures, features);
}
