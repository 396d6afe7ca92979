using ReidCloud.Specs;

namespace ReidCloud.Reports.Page.Sections;

/// <summary>How much the student shares with its teacher, in words, and who pays for the difference: identities and cameras that got worse.</summary>
internal static class HealthSection
{
    private const int MostRows = 12;

    public static PageSection? Of(MetricReport report, ReportInsights insights)
    {
        if (insights.Health is not { } health)
        {
            return null;
        }

        var measures = new DataTable($"{NameConverterFactory.NameOf(health.Setting)}", DataTable.AllWords, "measure", "value", "what it means");
        foreach (var measure in ReportWords.Health(health, ModelTitles.Of(report.Spec)))
        {
            measures.Row(measure.Name, measure.Value, measure.Meaning);
        }

        return PageSection.Of("health", ReportWords.HealthTitle(report.Spec), measures.Draw(), Markup.Of($"""<div class="charts">{Worse("Identities", "identity", health.Identities)}{Worse("Cameras", "camera", health.Cameras)}</div>"""));
    }

    private static Markup Worse(string who, string column, IReadOnlyList<GroupChange> changes)
    {
        List<GroupChange> worse = [.. changes.Where(change => change.Difference < 0).OrderBy(change => change.Difference)];
        if (worse.Count == 0)
        {
            return changes.Count == 0 ? Markup.Empty : Markup.Of($"<p>{who}: none got worse.</p>");
        }

        var table = new DataTable(worse.Count > MostRows ? $"{who} that got worse: the {MostRows} that lost most of {Amounts.Count(worse.Count)}" : $"{who} that got worse", 1, column, "queries", "mAP (standard), points");
        foreach (var change in worse.Take(MostRows))
        {
            table.Row(Markup.Name(change.Name), Markup.Of($"{Amounts.Count(change.Queries)}"), Markup.Of($"{Amounts.Points(change.Difference)}"));
        }

        return table.Draw();
    }
}
