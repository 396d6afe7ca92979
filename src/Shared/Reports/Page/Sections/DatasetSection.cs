namespace ReidCloud.Reports.Page.Sections;

/// <summary>What was measured on, and what its diagnosis found.</summary>
internal static class DatasetSection
{
    private const int MostFindings = 30;

    public static PageSection? Of(DatasetFacts dataset)
    {
        var splits = new DataTable("Splits", 1, "split", "identities", "cameras", "tracklets", "frames", "distractors");
        foreach (var split in dataset.Splits)
        {
            splits.Row(split.Split, Amounts.Count(split.Identities), Amounts.Count(split.Cameras), Amounts.Count(split.Tracklets), Amounts.Count(split.Frames), Amounts.Count(split.Distractors));
        }

        return PageSection.Of(
            "dataset", "Data set",
            Markup.Of($"""<dl><dt>name</dt><dd>{Markup.Name(dataset.Name)}</dd><dt>layout</dt><dd>{Markup.Name(dataset.Layout)}</dd><dt>content</dt><dd class="hash">{dataset.Hash}</dd></dl>"""),
            splits.Draw(),
            Findings(dataset.Findings));
    }

    private static Markup Findings(IReadOnlyList<FindingFacts> findings)
    {
        if (findings.Count == 0)
        {
            return Markup.Of($"<p>The diagnosis found nothing to remark.</p>");
        }

        var more = findings.Count - MostFindings;
        return Markup.Of(
            $"""
            <h3>Diagnosis</h3><ul>{findings.OrderBy(Order).Take(MostFindings).Select(finding => Markup.Of($"""<li><strong class="{(finding.Severity == "note" ? "soft" : "worse")}">{Sign(finding)}{finding.Severity}</strong> {finding.Message} <span class="soft">({finding.Code})</span></li>"""))}</ul>
            {(more > 0 ? Markup.Of($"""<p class="note">{Amounts.Count(more)} more are in {RunFileName.Insights}.</p>""") : Markup.Empty)}
            """);
    }

    private static int Order(FindingFacts finding) => finding.Severity switch { "error" => 0, "warning" => 1, _ => 2 };

    private static string Sign(FindingFacts finding) => finding.Severity switch { "error" => "✗ ", "warning" => "⚠ ", _ => "" };
}
