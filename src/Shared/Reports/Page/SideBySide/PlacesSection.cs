using ReidCloud.Datasets;
using ReidCloud.Reports.Comparisons;

namespace ReidCloud.Reports.Page.SideBySide;

/// <summary>In what the requests differ, and what else the numbers depend on.</summary>
internal static class PlacesSection
{
    public const int LongestValue = 60;

    public static PageSection? Of(Comparison comparison) => PageSection.Of(
        "places", "What differs",
        Table("In the requests", comparison.Specs, comparison),
        Table("In data, weights, software and hardware", comparison.Lineages, comparison));

    private static Markup Table(string caption, IReadOnlyList<ComparedPlace> places, Comparison comparison)
    {
        var table = new DataTable(caption, DataTable.AllWords, ["place", .. new RunLetters(comparison).All]);
        foreach (var place in places)
        {
            table.Row(Markup.Name(place.Path), place.Values.Select(value => value is null ? Markup.Of($"–") : Markup.Name(ForeignText.Short(value, LongestValue))));
        }

        return table.Draw();
    }
}
