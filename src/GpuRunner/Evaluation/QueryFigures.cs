using ReidCloud.Reports;

namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>What one query adds to each figure of a setting: a figure is the mean over the queries with a match. <see cref="FirstMatch"/> is a rank from 1.</summary>
internal readonly record struct QueryFigures(int FirstMatch, double MapTrapezoidal, double MapStandard, double Minp)
{
    /// <summary>Over several galleries: in which share of them the first match is within 1, 5 and 10; then the rest are means over the galleries, but for <see cref="FirstMatch"/>, the first's.</summary>
    public double[]? Found { get; init; }

    private static readonly Func<QueryFigures, double>[] Each =
    [
        query => query.MapTrapezoidal,
        query => query.MapStandard,
        query => query.Minp,
        query => query.Found?[0] ?? query.Within(1),
        query => query.Found?[1] ?? query.Within(5),
        query => query.Found?[2] ?? query.Within(10),
    ];

    /// <summary>Null without a match.</summary>
    public static QueryFigures? Of(QueryRanks ranks) => ranks.HasMatch
        ? new QueryFigures(ranks.First + 1, ranks.TrapezoidalPrecision(), ranks.StandardPrecision(), ranks.InverseNegativePenalty())
        : null;

    /// <summary>Of each figure what the queries with a match add to it; figures in the order of <see cref="ReportMetric.All"/>.</summary>
    public static IReadOnlyList<double[]> Columns(IReadOnlyList<QueryFigures?> queries)
    {
        QueryFigures[] matched = [.. queries.OfType<QueryFigures>()];
        return Array.ConvertAll(Each, figure => Array.ConvertAll(matched, query => figure(query)));
    }

    /// <summary>Error bars of the means over the queries with a match; null without one.</summary>
    public static MetricIntervals? Intervals(IReadOnlyList<QueryFigures?> queries, long seed) =>
        queries.Any(query => query is not null) && Bootstrap.OfMeans(Columns(queries), seed) is [var trapezoidal, var standard, var minp, var rank1, var rank5, var rank10]
            ? new MetricIntervals(rank1, rank5, rank10, trapezoidal, standard, minp)
            : null;

    private double Within(int rank) => FirstMatch <= rank ? 1 : 0;
}
