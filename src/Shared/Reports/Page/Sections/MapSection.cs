using ReidCloud.Reports.Page.Charts;
using ReidCloud.Specs;

namespace ReidCloud.Reports.Page.Sections;

/// <summary>Where the model puts the items, twice: by identity, which it should gather, and by camera, which it should mix.</summary>
internal static class MapSection
{
    private const int MostPoints = 3000;

    public static PageSection? Of(ReportInsights insights) => insights.Map is not { Points.Count: > 2 } map ? null : PageSection.Of(
        "map",
        "Embedding map",
        Markup.Of($"""<p>{Meaning(map)}</p>"""),
        ChartFigure.Row(
        [
            Figure(map, "by identity", "the most frequent identities; gray dots are others", point => point.Identity),
            Figure(map, "by camera", "the cameras with the most items; gray dots are others", point => point.Camera),
        ]));

    private static Markup Figure(EmbeddingMap map, string by, string shown, Func<EmbeddingPoint, string?> key)
    {
        var named = map.Points.Where(point => key(point) is not null).GroupBy(point => key(point)!)
            .OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal).Take(Drawing.Styles).Select(group => group.Key).ToList();
        if (named.Count == 0)
        {
            return Markup.Empty;
        }

        var points = Thinned(map.Points);
        List<ScatterGroup> groups =
        [
            new(null, [.. points.Where(point => key(point) is not { } name || !named.Contains(name)).Select(Point)]),
            .. named.Select(name => new ScatterGroup(name, [.. points.Where(point => key(point) == name).Select(Point)])),
        ];
        var table = new DataTable($"Items {by}", 1, [by[3..], "items", "of them queries", "center across", "center up"]);
        foreach (var name in named)
        {
            List<EmbeddingPoint> members = [.. map.Points.Where(point => key(point) == name)];
            table.Row(Markup.Name(name), new[] { Amounts.Count(members.Count), Amounts.Count(members.Count(point => point.IsQuery)), Amounts.Number(members.Average(point => point.X)), Amounts.Number(members.Average(point => point.Y)) }.Select(text => Markup.Of($"{text}")));
        }

        var chart = new Scatter($"Map of {Amounts.Count(points.Count)} items {by}: {shown}", groups);
        var legend = Markup.Of($"""<ul class="legend">{named.Select((name, i) => Markup.Of($"<li>{Scatter.Key(i)}{Markup.Name(name)}</li>"))}</ul>""");
        return ChartFigure.Of($"Items {by}: {shown}", Markup.Of($"{chart.Draw()}{legend}"), table);

        static ScatterPoint Point(EmbeddingPoint point) => new(point.X, point.Y, point.IsQuery);
    }

    private static string Meaning(EmbeddingMap map) =>
        $"Items of query (filled) and gallery (hollow), {NameConverterFactory.NameOf(map.Setting)}, drawn near each other where the model holds them to be alike. "
        + (map.Method == "pca"
            ? "PCA: the two directions in which embeddings differ most; what differs in other directions may lie together."
            : "t-SNE keeps neighbors together; sizes of groups and distances between them mean little.");

    /// <summary>Evenly chosen in the order of the data set.</summary>
    private static IReadOnlyList<EmbeddingPoint> Thinned(IReadOnlyList<EmbeddingPoint> points) =>
        points.Count <= MostPoints ? points : [.. Enumerable.Range(0, MostPoints).Select(i => points[(int)((long)i * points.Count / MostPoints)])];
}
