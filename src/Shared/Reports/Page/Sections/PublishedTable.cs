namespace ReidCloud.Reports.Page.Sections;

/// <summary>Where a run followed a published recipe: what its authors reached, beside what was reached here.</summary>
internal static class PublishedTable
{
    public static Markup Of(MetricReport report)
    {
        if (PublishedBeside.Of(report) is not { } beside)
        {
            return Markup.Empty;
        }

        var table = new DataTable($"Beside what was published: {beside.Preset.Name}", 1, "test", "figure", "published", "here", "points");
        foreach (var row in PublishedRow.Of(beside))
        {
            table.Row(row.Test, row.Figure, row.Published, row.Here, row.Points);
        }

        return Markup.Of($"""{table.Draw()}<p class="note">{ReportWords.Published(beside)}</p>""");
    }
}
