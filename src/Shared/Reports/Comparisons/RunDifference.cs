namespace ReidCloud.Reports.Comparisons;

/// <summary>
/// How far a run is ahead of the first one, query by query: for each setting, way of searching and metric the mean difference, its interval and how likely chance alone brings
/// it (<see cref="PairedTest"/>).
/// </summary>
public sealed record RunDifference(string Run, string Against, IReadOnlyList<PairedDifference> Differences)
{
    /// <summary>Where resampling begins, so that the same runs give the same answer.</summary>
    private const long Seed = 1;

    /// <summary>Of those that were measured on the same queries as the first.</summary>
    internal static IReadOnlyList<RunDifference> Of(IReadOnlyList<RunOutcome> outcomes) =>
    [
        .. outcomes.Skip(1).AsParallel().AsOrdered()
            .Select(outcome => Of(outcome, outcomes[0]))
            .Where(difference => difference.Differences.Count > 0),
    ];

    private static RunDifference Of(RunOutcome ours, RunOutcome theirs) => new(
        ours.Report.Run,
        theirs.Report.Run,
        ours.Report.Lineage.DatasetHash != theirs.Report.Lineage.DatasetHash
            ? []
            : [.. ours.Queries.Join(theirs.Queries, setting => setting.Name, setting => setting.Name, (one, other) => Of(one, other)).SelectMany(differences => differences)]);

    private static IReadOnlyList<PairedDifference> Of(SettingInsights ours, SettingInsights theirs)
    {
        var pairs = ours.Queries.Zip(theirs.Queries).ToList();
        if (ours.Queries.Count != theirs.Queries.Count || pairs.Exists(pair => pair.First.Item != pair.Second.Item))
        {
            return [];
        }

        return
        [
            .. from metric in ReportMetric.All
                let both = pairs.Select(pair => (Ours: metric.OfQuery(pair.First), Theirs: metric.OfQuery(pair.Second)))
                    .Where(pair => pair.Ours is not null && pair.Theirs is not null).ToList()
                where both.Count > 0
                select PairedTest.Of(ours.Setting, metric.Name, [.. both.Select(pair => pair.Ours!.Value)], [.. both.Select(pair => pair.Theirs!.Value)], Seed) with { Variant = ours.Variant },
        ];
    }
}
