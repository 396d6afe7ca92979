namespace ReidCloud.GpuRunner.Evaluation;

/// <summary>What one query adds to each figure of a setting: a figure is the mean over the queries with a match. <see cref="FirstMatch"/> is a rank from 1.</summary>
internal readonly record struct QueryFigures(int FirstMatch, double MapTrapezoidal, double MapStandard, double Minp)
{
    private static readonly Func<QueryFigures, double>[] Each =
    [
        query => query.MapTrapezoidal,
        query => query.MapStandard,
        query => query.Minp,
        query => query.Within(1),
        query => query.Within(5),
        query => query.Within(10),
    ];

    /// <summary>Null without a match.</summary>
    public static QueryFigures? Of(QueryRanks ranks) => ranks.HasMatch
        ? new QueryFigures(ranks.First + 1, ranks.TrapezoidalPrecision(), ranks.StandardPrecision(), ranks.InverseNegativePenalty())
        : null;

    /// <summary>Of each figure what the queries with a match add to it; figures in the order of <see cref="Reports.ReportMetric.All"/>.</summary>
    public static IReadOnlyList<double[]> Columns(IReadOnlyList<QueryFigures?> queries)
    {
        QueryFigures[] matched = [.. queries.OfType<QueryFigures>()];
        return Array.ConvertAll(Each, figure => Array.ConvertAll(matched, query => figure(query)));
    }

    private double Within(int rank) => FirstMatch <= rank ? 1 : 0;
}
