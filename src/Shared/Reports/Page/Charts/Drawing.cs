namespace ReidCloud.Reports.Page.Charts;

/// <summary>The frame of every chart: an image with a name for those who do not see it, as wide as a phone shows it without making its letters small.</summary>
internal static class Drawing
{
    public const double Width = 420;

    /// <summary>So many series look different from each other.</summary>
    public const int Styles = 8;

    /// <summary>About how wide a text of the charts' size is.</summary>
    public static double WidthOf(string text) => text.Length * 6.3;

    public static Markup Of(string name, double width, double height, IEnumerable<Markup> parts) => Markup.Of(
        $"""
        <svg role="img" viewBox="0 0 {width} {height}" width="{width}" height="{height}"><title>{name}</title>{parts}</svg>
        """);

    /// <summary>The classes that give a series its color and its dashes.</summary>
    public static string Style(int series) => $"s{(series % Styles) + 1}";

    /// <summary>Text that fits into so much room.</summary>
    public static string Fitting(string text, double room) =>
        WidthOf(text) <= room ? text : Datasets.ForeignText.Short(text, Math.Max(1, (int)(room / WidthOf("x")) - 1));
}
