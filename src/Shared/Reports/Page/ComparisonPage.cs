using ReidCloud.Reports.Comparisons;
using ReidCloud.Reports.Page.SideBySide;

namespace ReidCloud.Reports.Page;

/// <summary>Runs side by side as one HTML file that stands alone, of the same make as <see cref="ReportPage"/>.</summary>
public static class ComparisonPage
{
    public static string Write(Comparison comparison)
    {
        IReadOnlyList<PageSection> sections =
        [
            .. new[]
            {
                RunsSection.Of(comparison),
                FiguresSection.Of(comparison),
                SeedsSection.Of(comparison),
                DifferencesSection.Of(comparison),
                MatricesSection.Of(comparison),
                PlacesSection.Of(comparison),
            }.OfType<PageSection>(),
        ];
        return PageFrame.Write(
            $"{comparison.Runs.Count} runs side by side",
            Markup.Of($"""<p class="answer">{PageFrame.Unbroken(ComparisonAnswer.Of(comparison))}</p>{PageFrame.Warnings(comparison.Notes)}"""),
            sections,
            Markup.Of($"""<p>The same again, from the runs as they are then:</p><pre tabindex="0"><code>{ComparisonText.Command(comparison)}</code></pre>"""));
    }
}
