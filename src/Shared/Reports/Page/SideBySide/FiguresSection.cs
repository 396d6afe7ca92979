using ReidCloud.Reports.Comparisons;
using ReidCloud.Reports.Page.Charts;

namespace ReidCloud.Reports.Page.SideBySide;

/// <summary>Every figure of every run with its error bars, a row a run; the plain ones are drawn, too.</summary>
internal static class FiguresSection
{
    private static readonly string[] Drawn = ["mapStandard", "rank1"];

    public static PageSection? Of(Comparison comparison)
    {
        var letters = new RunLetters(comparison);
        return PageSection.Of("figures", "Figures", [.. comparison.Figures.GroupBy(figure => figure.Title).Select(figures => Table(figures.Key, [.. figures], letters))]);
    }

    private static Markup Table(string name, IReadOnlyList<ComparedFigure> same, RunLetters letters)
    {
        List<(ReportMetric Metric, ComparedFigure Figure)> figures = [.. ReportMetric.All.Join(same, metric => metric.Name, figure => figure.Metric, (metric, figure) => (metric, figure))];
        var table = new DataTable($"Figures, {name}", 1, ["run", .. figures.Select(one => one.Metric.Title)]);
        foreach (var (i, letter) in letters.All.Index().Where(run => figures.Exists(one => one.Figure.Values[run.Index] is not null)))
        {
            table.Row(Markup.Of($"{letter}"), figures.Select(one => Cell(one.Figure.Values[i])));
        }

        var charts = figures.Where(one => one.Figure.IsPlain && Drawn.Contains(one.Metric.Name)).Select(one => Chart(one.Metric, one.Figure, name, letters)).ToList();
        return Markup.Of($"""<h3>{name}</h3>{table.Draw()}{(charts.Count > 0 ? Markup.Of($"""<div class="charts">{charts}</div>""") : Markup.Empty)}""");
    }

    private static Markup Cell(ComparedValue? value) => value is null
        ? Markup.Of($"–")
        : Markup.Of($"{Amounts.Percent(value.Value)}{(value.Interval is { } interval ? Markup.Of($"<small>{PageFrame.Unbroken(Amounts.Range(interval))}</small>") : Markup.Empty)}");

    private static Markup Chart(ReportMetric metric, ComparedFigure figure, string setting, RunLetters letters)
    {
        var rows = figure.Values.Index().Where(one => one.Item is not null).Select(one => new IntervalRow(letters.All[one.Index], metric.Title, one.Item!.Value, one.Item.Interval)).ToList();
        var caption = $"{metric.Title}, {setting}";
        return Markup.Of($"<figure><figcaption>{caption}</figcaption>{new IntervalChart($"{caption}, of each run with its 95 % interval. The table above has the numbers.", "%", rows).Draw()}</figure>");
    }
}
