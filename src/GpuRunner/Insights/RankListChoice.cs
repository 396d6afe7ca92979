using ReidCloud.GpuRunner.Evaluation;
using ReidCloud.Reports;

namespace ReidCloud.GpuRunner.Insights;

/// <summary>Which queries a report shows, by standard average precision: of best, median and worst each query once; of equal ones the first in the data set.</summary>
internal static class RankListChoice
{
    private const int OfEachKind = 3;
    private const int Kinds = 3;

    public static IReadOnlyList<(RankListKind Kind, int Query)> Of(IReadOnlyList<QueryFigures?> queries, IReadOnlyList<QueryFigures?>? other)
    {
        var matched = queries.Index().Where(query => query.Item is not null).Select(query => (Query: query.Index, query.Item!.Value.MapStandard)).ToList();
        int[] best = [.. matched.OrderByDescending(query => query.MapStandard).Select(query => query.Query)];
        var each = Math.Clamp(best.Length / Kinds, Math.Min(1, best.Length), OfEachKind);
        int[] worst = [.. best.Skip(each).Reverse().Take(each)];
        var between = best[each..^worst.Length];
        var median = between.AsSpan((between.Length - Math.Min(each, between.Length)) / 2, Math.Min(each, between.Length)).ToArray();
        var moved = other is null ? [] : matched.Select(query => (query.Query, Ahead: query.MapStandard - other[query.Query]!.Value.MapStandard)).ToList();
        return
        [
            .. best.Take(each).Select(query => (RankListKind.Best, query)),
            .. median.Select(query => (RankListKind.Median, query)),
            .. worst.Select(query => (RankListKind.Worst, query)),
            .. moved.Where(query => query.Ahead > 0).OrderByDescending(query => query.Ahead).Take(OfEachKind).Select(query => (RankListKind.Won, query.Query)),
            .. moved.Where(query => query.Ahead < 0).OrderBy(query => query.Ahead).Take(OfEachKind).Select(query => (RankListKind.Lost, query.Query)),
        ];
    }
}
