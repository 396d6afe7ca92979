using System.Text.Json;
using ReidCloud.Specs;

namespace ReidCloud.Reports.Page.Sections;

/// <summary>The one command that runs it again, and the request itself.</summary>
internal static class ReproductionSection
{
    public static PageSection? Of(MetricReport report) => PageSection.Of(
        "reproduce",
        "Do it again",
        Markup.Of(
            $"""
            <p>This runs the same request once more and says whether the same comes out:</p>
            <pre tabindex="0"><code>{ReportWords.Command(report)}</code></pre>
            <details><summary>The request as JSON</summary><pre tabindex="0"><code>{Markup.Lines(JsonSerializer.Serialize(report.Spec, ReidJson.Indented))}</code></pre></details>

            """));
}
