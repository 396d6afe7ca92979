using System.Globalization;
using System.Xml.Linq;
using ReidCloud.Reports;
using ReidCloud.Reports.Page.Charts;

namespace ReidCloud.Tests.Shared.Reports.Page.Charts;

public sealed class LineChartTests
{
    [Fact]
    public void Names_at_the_ends_of_lines_do_not_cover_each_other()
    {
        var drawing = Draw([.. Enumerable.Range(0, 8).Select(i => new LineSeries($"line {i}", [new LinePoint(1, 0.1), new LinePoint(2, 0.5 + (i * 0.001))]))]);

        var places = drawing.Descendants("text").Where(text => ((string?)text.Attribute("class"))?.EndsWith("label", StringComparison.Ordinal) ?? false).Select(text => Number(text, "y")).Order().ToList();
        Assert.Equal(8, places.Count);
        Assert.All(places.Zip(places.Skip(1)), pair => Assert.True(pair.Second - pair.First >= 13.5));
        Assert.All(places, place => Assert.InRange(place, 0, 250));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(31)]
    [InlineData(1000)]
    public void Labels_of_an_axis_do_not_cover_each_other(int points)
    {
        var drawing = Draw([new LineSeries("a", [.. Enumerable.Range(1, points).Select(x => new LinePoint(x, x))])]);

        var labels = drawing.Descendants("text").Where(text => (string?)text.Attribute("class") == "mid").Select(text => (Middle: Number(text, "x"), Half: Drawing.WidthOf(text.Value) / 2)).ToList();
        Assert.All(labels.Zip(labels.Skip(1)), pair => Assert.True(pair.Second.Middle - pair.Second.Half > pair.First.Middle + pair.First.Half));
    }

    [Fact]
    public void Of_a_thousand_points_the_extremes_stay()
    {
        List<LinePoint> points = [.. Enumerable.Range(1, 1000).Select(x => new LinePoint(x, x == 613 ? 99 : x == 40 ? -99 : Math.Sin(x)))];

        var thinned = LineChart.Thinned(points);

        Assert.InRange(thinned.Count, 100, 302);
        Assert.Equal((-99, 99, 1, 1000), (thinned.Min(point => point.Y), thinned.Max(point => point.Y), thinned[0].X, thinned[^1].X));
        Assert.Equal(thinned.Select(point => point.X).Order(), thinned.Select(point => point.X));
    }

    [Fact]
    public void Intervals_everywhere_are_a_band_and_elsewhere_bars()
    {
        Assert.Equal((1, 0), Marks(Draw([new LineSeries("a", [new(1, 0.5, new Interval(0.4, 0.6)), new(2, 0.6, new Interval(0.5, 0.7))])])));
        Assert.Equal((0, 1), Marks(Draw([new LineSeries("a", [new(1, 0.5, new Interval(0.4, 0.6)), new(2, 0.6)])])));

        static (int, int) Marks(XElement drawing) => (drawing.Descendants("path").Count(path => (string?)path.Attribute("class") == "band"), drawing.Descendants("path").Count(path => (string?)path.Attribute("class") == "bar"));
    }

    private static XElement Draw(IReadOnlyList<LineSeries> series) => XElement.Parse(new LineChart("a chart", "epoch", series).Draw().ToString());

    private static double Number(XElement element, string attribute) => double.Parse(element.Attribute(attribute)!.Value, CultureInfo.InvariantCulture);
}
