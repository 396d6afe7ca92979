namespace ReidCloud.Reports.Page.Charts;

/// <summary>Names at the right ends of lines, moved up and down as far as it takes not to cover each other.</summary>
internal static class EndLabels
{
    private const double Room = 14;

    /// <summary>Where to put labels that want to be at these heights, within top and bottom.</summary>
    public static IReadOnlyList<double> Spread(IReadOnlyList<double> wanted, double top, double bottom)
    {
        var order = Enumerable.Range(0, wanted.Count).OrderBy(i => wanted[i]).ThenBy(i => i).ToArray();
        var places = new double[wanted.Count];
        var free = top;
        foreach (var i in order)
        {
            places[i] = Math.Max(wanted[i], free);
            free = places[i] + Room;
        }

        var limit = bottom;
        foreach (var i in order.Reverse())
        {
            places[i] = Math.Min(places[i], limit);
            limit = places[i] - Room;
        }

        return places;
    }
}
