using ReidCloud.Cli.Progress;
using ReidCloud.Reports;

namespace ReidCloud.Cli.Display;

/// <summary>
/// What is measured of a model besides a setting's figures, and `against`, the second model of an evaluation, beside the first, `checkpoint`. Differences are
/// in percentage points; plus is in favor of the first.
/// </summary>
internal static class ComparisonTables
{
    public static WideTable Figures(MetricReport report, MeasuredModel against)
    {
        var tested = against.Differences.ToDictionary(difference => (difference.Name, difference.Metric));
        var table = new WideTable(2, ["setting", "figure", "checkpoint", "against", "difference", .. tested.Count > 0 ? ["by chance (p)"] : Array.Empty<string>()]);
        foreach (var (one, other) in report.Settings.Join(against.Settings, metrics => metrics.Name, metrics => metrics.Name, (one, other) => (one, other)))
        {
            foreach (var metric in ReportMetric.All)
            {
                var (value, beside) = (metric.ValueOf(one), metric.ValueOf(other));
                var test = tested.GetValueOrDefault((one.Name, metric.Name));
                table.AddRow(
                [
                    RetrievalTitle.Of(one),
                    metric.Title,
                    Words.Percent(value, one.Intervals is { } bars ? metric.IntervalOf(bars) : null),
                    Words.Percent(beside, other.Intervals is { } others ? metric.IntervalOf(others) : null),
                    test is null ? Words.Points(value - beside) : Words.Points(test.Difference, test.Interval),
                    .. tested.Count > 0 ? [test is null ? "" : Words.Chance(test.PValue)] : Array.Empty<string>(),
                ]);
            }
        }

        return table;
    }

    /// <summary>Figures of parts of the queries, where the protocol tells them apart, and the mean of their mAP.</summary>
    public static WideTable Groups(MetricReport report)
    {
        var table = new WideTable(2, ["setting", "group", "mAP (standard)", .. Beside(report.Against), "rank-1", "rank-5", "queries"]);
        foreach (var metrics in report.Settings)
        {
            var setting = RetrievalTitle.Of(metrics);
            var other = report.Against?.Settings.First(there => there.Name == metrics.Name);
            foreach (var (i, group) in metrics.Groups.Index())
            {
                table.AddRow(
                [
                    setting, group.Name, Words.Percent(group.MapStandard), .. Beside(group.MapStandard, other?.Groups[i].MapStandard),
                    Words.Percent(group.Rank1), Words.Percent(group.Rank5), ReportTables.Count(group.Queries),
                ]);
            }

            if (metrics.MeanGroupMap is { } mean)
            {
                table.AddRow([setting, "mean (mmAP)", Words.Percent(mean), .. Beside(mean, other?.MeanGroupMap), "", "", ""]);
            }
        }

        return table;
    }

    /// <summary>A row per setting and kind of cameras: those that the training saw, and others.</summary>
    public static WideTable KnownCameras(MetricReport report)
    {
        var table = new WideTable(3, ["setting", "queries of", "searched in", "mAP (standard)", "rank-1", "queries"]);
        foreach (var figures in report.KnownCameras)
        {
            table.AddRow(
                RetrievalTitle.Of(figures.Setting, null), Cameras(figures.QueryKnown), Cameras(figures.GalleryKnown),
                Words.Percent(figures.MapStandard), Words.Percent(figures.Rank1), ReportTables.Count(figures.Queries));
        }

        return table;

        static string Cameras(bool areKnown) => areKnown ? "known cameras" : "new cameras";
    }

    /// <summary>A row per setting and number of frames that stand for a gallery tracklet.</summary>
    public static WideTable Curve(MetricReport report)
    {
        var table = new WideTable(2, ["setting", "gallery frames", "mAP (trapezoidal)", .. Beside(report.Against), "mAP (standard)", "rank-1"]);
        foreach (var (frames, metrics) in report.GalleryCurve.OrderBy(point => point.Metrics.Setting).ThenBy(point => point.Frames))
        {
            var other = report.Against?.GalleryCurve.First(there => there.Frames == frames && there.Metrics.Name == metrics.Name).Metrics;
            table.AddRow(
            [
                RetrievalTitle.Of(metrics), ReportTables.Count(frames),
                Words.Percent(metrics.MapTrapezoidal), .. Beside(metrics.MapTrapezoidal, other?.MapTrapezoidal),
                Words.Percent(metrics.MapStandard), Words.Percent(metrics.Rank1),
            ]);
        }

        return table;
    }

    /// <summary>What each camera's batch-norm statistics stand on.</summary>
    public static WideTable CameraStatistics(MetricReport report)
    {
        var table = new WideTable(2, ["items", "camera", "mini-batches", "frames in each", "of frames"]);
        foreach (var basis in report.CameraStatistics)
        {
            table.AddRow(basis.Items, basis.Camera, ReportTables.Count(basis.Batches), ReportTables.Count(basis.BatchFrames), ReportTables.Count(basis.Frames));
        }

        return table;
    }

    /// <summary>How well the camera is read off embeddings; nearer to chance is better.</summary>
    public static WideTable CameraBias(MetricReport report)
    {
        var table = new WideTable(1, ["model", "camera recognized", "chance", "cameras", "trained on", "tested on"]);
        foreach (var (model, measured) in new[] { ("checkpoint", report.CameraBias), ("against", report.Against?.CameraBias) })
        {
            if (measured is { } bias)
            {
                table.AddRow(
                    model,
                    Words.Percent(bias.BalancedAccuracy),
                    Words.Percent(bias.Chance),
                    ReportTables.Count(bias.Cameras),
                    ReportTables.Count(bias.TrainedOn),
                    ReportTables.Count(bias.TestedOn));
            }
        }

        return table;
    }

    /// <summary>How well visible and infrared are told apart; nearer to one half is better.</summary>
    public static WideTable ModalityBias(MetricReport report)
    {
        var table = new WideTable(1, ["model", "modality recognized", "chance", "trained on", "tested on"]);
        foreach (var (model, measured) in new[] { ("checkpoint", report.ModalityBias), ("against", report.Against?.ModalityBias) })
        {
            if (measured is { } bias)
            {
                table.AddRow(model, Words.Percent(bias.BalancedAccuracy), Words.Percent(0.5), ReportTables.Count(bias.TrainedOn), ReportTables.Count(bias.TestedOn));
            }
        }

        return table;
    }

    private static string[] Beside(MeasuredModel? against) => against is null ? [] : ["against", "difference"];

    private static string[] Beside(double value, double? other) => other is { } there ? [Words.Percent(there), Words.Points(value - there)] : [];
}
