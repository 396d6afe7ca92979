using ReidCloud.Reports.Page.Charts;
using ReidCloud.Specs;

namespace ReidCloud.Reports.Page.Sections;

/// <summary>The training over time: each loss on a scale of its own, the learning rate, and what was measured on the way.</summary>
internal static class TrainingSection
{
    private const string Total = "total";
    private const int MostRows = 25;

    public static PageSection? Of(MetricReport report) => PageSection.Of(
        "training", "Training", ChartFigure.Row(report.Losses.Count < 2 ? [] : [.. Losses(report.Losses), Rate(report.Losses)]), Single(report), History(report));

    private static IEnumerable<Markup> Losses(IReadOnlyList<EpochLosses> epochs) =>
        from name in epochs.SelectMany(epoch => epoch.Losses.Keys).Distinct().OrderBy(name => name != Total).ThenBy(name => name, StringComparer.Ordinal)
        let caption = name == Total ? "Loss, total" : $"Loss, {name}"
        select Curve(caption, "epoch", [.. epochs.Where(epoch => epoch.Losses.ContainsKey(name)).Select(epoch => (epoch.Epoch, epoch.Losses[name]))]);

    private static Markup Rate(IReadOnlyList<EpochLosses> epochs) => Curve("Learning rate", "epoch", [.. epochs.Select(epoch => (epoch.Epoch, epoch.LearningRate))]);

    private static Markup Curve(string caption, string across, IReadOnlyList<(int Epoch, double Value)> values)
    {
        List<(int Epoch, double Value)> finite = [.. values.Where(value => double.IsFinite(value.Value))];
        if (finite.Count == 0)
        {
            return Markup.Empty;
        }

        var table = new DataTable(caption, 1, [across, "value"]);
        foreach (var (epoch, value) in Some(values))
        {
            table.Row(Amounts.Count(epoch), Amounts.Number(value));
        }

        var name = $"{caption} by {across}: {Amounts.Number(finite[0].Value)} at first, {Amounts.Number(finite[^1].Value)} at the end";
        return ChartFigure.Of(caption, new LineChart(name, across, [new LineSeries(caption, [.. finite.Select(value => new LinePoint(value.Epoch, value.Value))])]) { Height = 190 }.Draw(), table);
    }

    /// <summary>One epoch makes no curve.</summary>
    private static Markup Single(MetricReport report)
    {
        if (report.Losses is not [var only])
        {
            return Markup.Empty;
        }

        var table = new DataTable("The one epoch", 1, ["value", "after it"]).Row("learning rate", Amounts.Number(only.LearningRate));
        foreach (var (name, loss) in only.Losses)
        {
            table.Row(name, Amounts.Number(loss));
        }

        return table.Draw();
    }

    private static Markup History(MetricReport report)
    {
        if (report.History.Count == 0 || report.Spec is not TrainSpec train)
        {
            return Markup.Empty;
        }

        List<EpochMetrics> all = [.. report.History.Where(entry => entry.Epoch < train.Epochs), new EpochMetrics(train.Epochs, report.Settings)];
        return Markup.Of($"<h3>Measured on the way</h3>{ChartFigure.Row([Measured(all, ReportMetric.All.First(metric => metric.Name == "mapStandard")), Measured(all, ReportMetric.All.First(metric => metric.Name == "rank1"))])}");
    }

    private static Markup Measured(IReadOnlyList<EpochMetrics> epochs, ReportMetric metric)
    {
        // Of each setting what comes first; other ways of searching are in the JSON and in the curves for TensorBoard.
        var settings = epochs.SelectMany(epoch => epoch.Settings).DistinctBy(metrics => metrics.Setting).OrderBy(metrics => metrics.Setting).ToList();
        var series = settings.Select(setting => new LineSeries(RetrievalTitle.Of(setting),
        [
            .. from epoch in epochs
               from metrics in epoch.Settings
               where metrics.Name == setting.Name
               select new LinePoint(epoch.Epoch, metric.ValueOf(metrics), metrics.Intervals is { } intervals ? metric.IntervalOf(intervals) : null),
        ])).ToList();
        var table = new DataTable($"{metric.Title} by epoch", 1, ["epoch", .. series.Select(line => line.Name)]);
        foreach (var epoch in Some(epochs))
        {
            table.Row(Amounts.Count(epoch.Epoch), series.Select(line => line.Points.FirstOrDefault(point => point.X == epoch.Epoch) is { X: > 0 } point ? Amounts.PercentWithin(point.Y, point.Interval) : ""));
        }

        var caption = $"{metric.Title} by epoch";
        return ChartFigure.Of(caption, new LineChart($"{caption}, measured {epochs.Count} times", "epoch", series, value => $"{value * 100:0.#} %") { Limits = (0, 1) }.Draw(), table);
    }

    /// <summary>Evenly chosen, the first and the last among them.</summary>
    private static IEnumerable<T> Some<T>(IReadOnlyList<T> all) =>
        all.Count <= MostRows ? all : Enumerable.Range(0, MostRows).Select(i => all[(int)Math.Round((double)i * (all.Count - 1) / (MostRows - 1))]);
}
