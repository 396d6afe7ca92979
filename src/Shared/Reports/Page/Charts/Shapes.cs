using System.Globalization;
using System.Text;

namespace ReidCloud.Reports.Page.Charts;

/// <summary>Marks that are told apart without color: one shape for each series.</summary>
internal static class Shapes
{
    /// <summary>Each as a path from its center.</summary>
    private static readonly string[] Paths =
    [
        "m-3.5 0a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0z",
        "m-3.2-3.2h6.4v6.4h-6.4z",
        "m0-4.3l4 7.3h-8z",
        "m0-4.4l4.4 4.4l-4.4 4.4l-4.4-4.4z",
        "m0 4.3l4-7.3h-8z",
        "m-1.3-4h2.6v2.7h2.7v2.6h-2.7v2.7h-2.6v-2.7h-2.7v-2.6h2.7z",
        "m-2-3.6h4l2 3.6l-2 3.6h-4l-2-3.6z",
        "m-4-1.6h8v3.2h-8z",
    ];

    private const string Dot = "m-2 0a2 2 0 1 0 4 0a2 2 0 1 0-4 0z";

    public static Markup At(double x, double y, int series) => Markup.Of($"""<path class="mark" d="{Many([(x, y)], series)}"/>""");

    /// <summary>One path with many marks of a shape; null makes small dots.</summary>
    public static string Many(IEnumerable<(double X, double Y)> places, int? series)
    {
        var shape = series is { } number ? Paths[number % Paths.Length] : Dot;
        var path = new StringBuilder();
        foreach (var (x, y) in places)
        {
            path.Append(CultureInfo.InvariantCulture, $"M{x:0.#} {y:0.#}").Append(shape);
        }

        return path.ToString();
    }
}
