using System.Globalization;
using ReidCloud.Cli.Progress;
using ReidCloud.Reports;
using ReidCloud.Specs;
using Spectre.Console;

namespace ReidCloud.Cli.Display;

/// <summary>A model beside the one that it was measured against. Differences are in percentage points; plus is in favor of the first.</summary>
internal static class ComparisonTables
{
    private static readonly IReadOnlyList<(string Name, Func<SettingMetrics, double> Value)> Compared =
    [
        ("mAP (trapezoidal)", metrics => metrics.MapTrapezoidal),
        ("mAP (standard)", metrics => metrics.MapStandard),
        ("mINP", metrics => metrics.Minp),
        ("rank-1", metrics => metrics.Rank1),
        ("rank-5", metrics => metrics.Rank5),
        ("rank-10", metrics => metrics.Rank10),
    ];

    public static Table Figures(MetricReport report, MeasuredModel against)
    {
        var table = ReportTables.Head("setting", "figure", Measured(report), Markup.Escape(RunText.Named(against.Checkpoint)), "difference");
        foreach (var (one, other) in report.Settings.Join(against.Settings, metrics => metrics.Setting, metrics => metrics.Setting, (one, other) => (one, other)))
        {
            foreach (var (name, value) in Compared)
            {
                table.AddRow(
                    NameConverterFactory.NameOf(one.Setting), name, Words.Percent(value(one)), Words.Percent(value(other)), Points(value(one) - value(other)));
            }
        }

        return table;
    }

    /// <summary>A row per setting and number of frames that stand for a gallery tracklet.</summary>
    public static Table Curve(MetricReport report)
    {
        var against = report.Against is { GalleryCurve.Count: > 0 } model ? model : null;
        string[] other = against is null ? [] : [$"mAP of {Markup.Escape(RunText.Named(against.Checkpoint))}", "difference"];
        var table = ReportTables.Head(["setting", "gallery frames", "mAP (trapezoidal)", "mAP (standard)", "rank-1", .. other]);
        foreach (var point in report.GalleryCurve.OrderBy(point => point.Metrics.Setting).ThenBy(point => point.Frames))
        {
            var beside = against?.GalleryCurve.FirstOrDefault(there => there.Frames == point.Frames && there.Metrics.Setting == point.Metrics.Setting);
            string[] compared = beside is null
                ? []
                : [Words.Percent(beside.Metrics.MapTrapezoidal), Points(point.Metrics.MapTrapezoidal - beside.Metrics.MapTrapezoidal)];
            table.AddRow(
            [
                NameConverterFactory.NameOf(point.Metrics.Setting),
                ReportTables.Count(point.Frames),
                Words.Percent(point.Metrics.MapTrapezoidal),
                Words.Percent(point.Metrics.MapStandard),
                Words.Percent(point.Metrics.Rank1),
                .. compared,
            ]);
        }

        return table;
    }

    /// <summary>How well the camera is read off embeddings; nearer to guessing is better.</summary>
    public static Table CameraBias(MetricReport report)
    {
        var table = ReportTables.Head("model", "camera recognised", "guessing", "cameras", "trained on", "tested on");
        foreach (var (model, bias) in new[] { (Measured(report), report.CameraBias), (report.Against is { } other ? Markup.Escape(RunText.Named(other.Checkpoint)) : "", report.Against?.CameraBias) })
        {
            if (bias is not null)
            {
                table.AddRow(
                    model, Words.Percent(bias.BalancedAccuracy), Words.Percent(bias.Chance), ReportTables.Count(bias.Cameras),
                    ReportTables.Count(bias.TrainedOn), ReportTables.Count(bias.TestedOn));
            }
        }

        return table;
    }

    private static string Measured(MetricReport report) =>
        Markup.Escape(report.Spec is EvaluateSpec evaluate ? RunText.Named(evaluate.Checkpoint) : report.Run);

    private static string Points(double difference) => (difference * 100).ToString("+0.0;-0.0;0.0", CultureInfo.InvariantCulture);
}
