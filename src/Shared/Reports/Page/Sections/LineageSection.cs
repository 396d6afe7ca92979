namespace ReidCloud.Reports.Page.Sections;

/// <summary>What the numbers depend on besides the request, and what files the run left.</summary>
internal static class LineageSection
{
    private const int MostFiles = 20;

    public static PageSection? Of(MetricReport report) => PageSection.Of("lineage", "Lineage", FactList.Of(ReportWords.Lineage(report)), Files(report.Files));

    private static Markup Files(IReadOnlyList<RunFile> files)
    {
        var more = files.Count - MostFiles;
        var table = new DataTable(more > 0 ? $"Files of the run: the first {MostFiles} of {Amounts.Count(files.Count)}" : "Files of the run", 1, "file", "size", "SHA-256, first digits");
        foreach (var file in files.Take(MostFiles))
        {
            table.Row(Markup.Name(file.Name), Markup.Of($"{Amounts.Bytes(file.Length)}"), Markup.Of($"{file.Sha256[..Math.Min(16, file.Sha256.Length)]}"));
        }

        return table.Draw();
    }
}
