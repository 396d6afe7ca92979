using ReidCloud.Reports.Comparisons;

namespace ReidCloud.Reports.Page.SideBySide;

/// <summary>Which run each letter stands for, and what it took.</summary>
internal static class RunsSection
{
    public static PageSection? Of(Comparison comparison)
    {
        var letters = new RunLetters(comparison);
        var table = new DataTable("Runs", 3, "", "run", "what", "time", "device");
        foreach (var run in comparison.Runs)
        {
            table.Row(Markup.Of($"{letters[run.Run]}"), Markup.Of($"{run.Run}"), Markup.Name(run.Title), Markup.Of($"{Amounts.Duration(run.Cost.Seconds)}"), Markup.Name(run.Lineage.Device));
        }

        return PageSection.Of("runs", "Runs", table.Draw());
    }
}
