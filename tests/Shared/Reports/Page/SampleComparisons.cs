using ReidCloud.Reports;
using ReidCloud.Reports.Comparisons;
using ReidCloud.Specs;

namespace ReidCloud.Tests.Shared.Reports.Page;

/// <summary>Runs side by side that might have been.</summary>
internal static class SampleComparisons
{
    /// <summary>Three seeds of one student, and the same on another data set.</summary>
    public static Comparison Mixed()
    {
        var student = SampleReports.Student().Report;
        var elsewhere = Seeded(student, 1, -0.3) with { Run = "aaaaaaaaaaaaaaaaaaaa", Spec = new EvaluateSpec("duke-video", new CheckpointRef(student.Run)), Lineage = student.Lineage with { DatasetHash = "another" } };
        return With(Comparison.Of([new RunOutcome(student), new RunOutcome(Seeded(student, 2, 0.004)), new RunOutcome(Seeded(student, 3, -0.006)), new RunOutcome(elsewhere)]));
    }

    /// <summary>Two seeds of a training, each measured on its own data set and on another.</summary>
    public static Comparison Transfer()
    {
        var student = SampleReports.Student().Report;
        IReadOnlyList<RunOutcome> trained = [new(Seeded(student, 2, 0.004)), new(Seeded(student, 3, -0.006))];
        return Comparison.Of(
        [
            .. trained,
            .. trained.Select((one, i) => new RunOutcome(Seeded(student, 1, -0.3 + (0.01 * i)) with
            {
                Run = string.Concat(Enumerable.Repeat("ab"[i], 20)), Spec = new EvaluateSpec("duke-video", new CheckpointRef(one.Report.Run)), Lineage = student.Lineage with { DatasetHash = "another" },
            })),
        ]);
    }

    /// <summary>Nothing but seeds is different.</summary>
    public static Comparison Seeds()
    {
        var student = SampleReports.Student().Report;
        return With(Comparison.Of([.. Enumerable.Range(0, 5).Select(seed => new RunOutcome(Seeded(student, seed, 0.003 * (seed - 2))))]));
    }

    /// <summary>Two requests on the same data.</summary>
    public static Comparison Pair()
    {
        var student = SampleReports.Student().Report;
        var plain = Seeded(student, 1, -0.02) with { Spec = ((TrainSpec)student.Spec) with { Method = new SupervisedSpec() } };
        return With(Comparison.Of([new RunOutcome(plain), new RunOutcome(student)]));
    }

    private static Comparison With(Comparison comparison) => comparison with
    {
        Differences =
        [
            .. comparison.Runs.Skip(1).Where(run => run.Spec.Dataset == comparison.Runs[0].Spec.Dataset).Select(run => new RunDifference(run.Run, comparison.Runs[0].Run,
            [
                .. ReportMetric.All.Select((metric, i) => new PairedDifference(RetrievalSetting.ImageToVideo, metric.Name, 0.02 - (i * 0.008), new Interval(0.01 - (i * 0.008), 0.03 - (i * 0.008)), i == 2 ? 0.2 : 0.004)),
            ])),
        ],
    };

    private static MetricReport Seeded(MetricReport report, long seed, double shift) => report with
    {
        Run = $"{seed:D20}",
        Spec = report.Spec with { Seed = seed },
        Lineage = report.Lineage with { CheckpointSha256 = $"{seed:D64}" },
        Settings = [.. report.Settings.Select(metrics => metrics with { MapStandard = Math.Round(metrics.MapStandard + shift, 4), Rank1 = Math.Round(metrics.Rank1 + (shift / 2), 4), Intervals = metrics.Intervals! with { MapStandard = Moved(metrics.Intervals.MapStandard, shift), Rank1 = Moved(metrics.Intervals.Rank1, shift / 2) } })],
    };

    private static Interval Moved(Interval interval, double shift) => new(Math.Round(interval.Low + shift, 4), Math.Round(interval.High + shift, 4));
}
