using ReidCloud.Reports.Page.Sections;

namespace ReidCloud.Reports.Page;

/// <summary>
/// A report as one HTML file that stands alone: no script, nothing from elsewhere, drawings and pictures within. It opens with the answer; what was not measured has no
/// section. The markup is well-formed XML.
/// </summary>
public static class ReportPage
{
    public static string Write(MetricReport report, ReportInsights insights)
    {
        IReadOnlyList<PageSection> sections =
        [
            .. new[]
            {
                FiguresSection.Of(report),
                PeersSection.Of(report),
                CurvesSection.Of(report),
                VerificationSection.Of(report),
                TrainingSection.Of(report),
                QueriesSection.Of(report, insights),
                CamerasSection.Of(report, insights),
                RankListsSection.Of(insights, ModelTitles.Of(report.Spec)),
                AttentionSection.Of(insights, ModelTitles.Of(report.Spec)),
                MapSection.Of(insights),
                HealthSection.Of(report, insights),
                GallerySection.Of(report),
                DatasetSection.Of(insights.Dataset),
                CostSection.Of(report),
                LineageSection.Of(report),
                ReproductionSection.Of(report),
            }.OfType<PageSection>(),
        ];
        return PageFrame.Write(
            $"Report of run {report.Run}",
            Markup.Of($"""<p class="kind">{ModelTitles.Job(report.Spec)}</p><p class="answer">{PageFrame.Unbroken(ReportAnswer.First(report))}</p>{(ReportAnswer.Besides(report) is { } more ? Markup.Of($"""<p class="besides">{PageFrame.Unbroken(more)}</p>""") : Markup.Empty)}{PageFrame.Terms(MeasuringTerms.Of(report.Spec))}{PageFrame.Warnings(report.Warnings)}"""),
            sections,
            Markup.Of($"""<p>Run {report.Run}, written by ReidCloud {report.Lineage.ProductVersion}. The same figures are in {RunFileName.Report}, {RunFileName.ReportText} and {RunFileName.ReportTable}; what stands behind them is in {RunFileName.Insights}.</p>"""));
    }
}
