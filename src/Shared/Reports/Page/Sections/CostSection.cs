namespace ReidCloud.Reports.Page.Sections;

/// <summary>What the run took: time, what of it was done again, pace and memory.</summary>
internal static class CostSection
{
    public static PageSection? Of(MetricReport report) => PageSection.Of("cost", "Cost and time", FactList.Of(ReportWords.Cost(report)));
}
