namespace ReidCloud.Reports.Page;

/// <summary>A published figure beside the same one of a run, in words.</summary>
internal sealed record PublishedRow(string Test, string Figure, string Published, string Here, string Points)
{
    public static IEnumerable<PublishedRow> Of(PublishedBeside beside) =>
        from pair in beside.Figures
        let published = pair.Published
        from figure in new[] { ("mapTrapezoidal", published.MapTrapezoidal), ("mapStandard", published.MapStandard), ("rank1", (double?)published.Rank1) }
        where figure.Item2 is not null
        let there = figure.Item2.GetValueOrDefault()
        let metric = ReportMetric.All.First(metric => metric.Name == figure.Item1)
        let here = metric.ValueOf(pair.Measured)
        select new PublishedRow(
            RetrievalTitle.Of(published.Setting, published.Variant, published.Peer), metric.Title, Amounts.Percent(there),
            Amounts.PercentWithin(here, pair.Measured.Intervals is { } intervals ? metric.IntervalOf(intervals) : null), Amounts.Points(here - there));
}
