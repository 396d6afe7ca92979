using ReidCloud.Specs;
using static TorchSharp.torch;

namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>Which features are compared, and how.</summary>
internal readonly record struct FeatureDistance(DistanceMetric Metric, bool Normalize = false, RetrievalDistance Features = RetrievalDistance.Global)
{
    /// <summary>Where; null where they lie.</summary>
    public Device? Device { get; init; }

    public bool UsesGlobal => Features is RetrievalDistance.Global or RetrievalDistance.Combined;

    public bool UsesLocal => Features is RetrievalDistance.Local or RetrievalDistance.Combined;

    /// <summary>Features are divided by their length.</summary>
    public bool IsUnit => Normalize || Metric == DistanceMetric.Cosine;

    /// <summary>Cosine distances compare directions, so stripes beside them have length 1, too.</summary>
    public bool NormalizesStripes => IsUnit;

    public static FeatureDistance Of(EvaluationSpec spec, RetrievalDistance features = RetrievalDistance.Global) => new(spec.Metric, spec.NormalizeFeatures, features);
}
