using ReidCloud.Specs;

namespace ReidCloud.Reports;

/// <summary>Where a figure lies with 95 % confidence, had the queries been others of their kind: percentiles of a bootstrap over queries.</summary>
public sealed record Interval(double Low, double High);

/// <summary>One for each figure of a retrieval setting.</summary>
public sealed record MetricIntervals(Interval Rank1, Interval Rank5, Interval Rank10, Interval MapTrapezoidal, Interval MapStandard, Interval Minp);

/// <summary>
/// How far a model is ahead of the one measured beside it, query by query: the difference of a figure (`rank1`, `rank5`, `rank10`, `mapTrapezoidal`,
/// `mapStandard`, `minp`), its interval by a bootstrap over pairs, and how likely chance alone brings at least as large a one (two-sided sign-flip test).
/// </summary>
public sealed record PairedDifference(RetrievalSetting Setting, string Metric, double Difference, Interval Interval, double PValue)
{
    /// <summary>How the distances came about, where that is not the plain way.</summary>
    public RetrievalVariant? Variant { get; init; }

    /// <summary>As those figures are called whose difference it is.</summary>
    public string Name => RetrievalVariant.NameOf(Setting, Variant);
}
