using ReidCloud.Cli;
using ReidCloud.Cli.Display;
using ReidCloud.Reports;
using ReidCloud.Specs;
using ReidCloud.Tests.Shared.Reports.Page;
using ReidCloud.Tests.Testing;
using Spectre.Console;

namespace ReidCloud.Tests.Cli.Display;

public sealed class ReportTablesTests
{
    private static readonly CheckpointRef Student = new("00000000000000000001");
    private static readonly CheckpointRef Teacher = CheckpointRef.Pushed("vkd-mars-resnet50");
    private static readonly string Hash = new('a', 64);
    private static readonly Lineage Lineage =
        new(Hash, [new ParentLineage("checkpoint", Student, Hash), new ParentLineage("against", Teacher, new string('b', 64))], Hash, "1.0.0", "2.7.1", "cpu", 2, "a machine", ".NET 10") { TrainedOnDatasetHash = Hash };

    /// <summary>With everything that an evaluation can ask for.</summary>
    private static readonly MetricReport Compared = new(
        "00000000000000000009",
        new EvaluateSpec("mars", Student) { Against = Teacher, GalleryFrames = [1, 8], CameraBias = true, SaveDistances = true },
        [Figures(RetrievalSetting.ImageToVideo, 0.7727), Figures(RetrievalSetting.VideoToVideo, 0.8222)],
        Lineage,
        new RunCost(754, 0, 3L << 30))
    {
        GalleryCurve = Curve(0.7727, 0.8222),
        CameraBias = new CameraBias(6, 5021, 4913, 0.512, 1.0 / 6),
        Against = new MeasuredModel(Teacher, [Figures(RetrievalSetting.ImageToVideo, 0.7338), Figures(RetrievalSetting.VideoToVideo, 0.8113)])
        {
            GalleryCurve = Curve(0.7338, 0.8113),
            CameraBias = new CameraBias(6, 5021, 4913, 0.804, 1.0 / 6),
        },
        Files = [new("distances-image-to-video.safetensors", "blob", 89_600_000, Hash), new("distances-image-to-video.csv", "blob", 640_000, Hash)],
        Warnings = ["image-to-video: 140 of 1980 queries have no match in the gallery and are left out of the averages"],
    };

    private static readonly MetricReport Tigers = new(
        "00000000000000000008",
        new EvaluateSpec("tigers", Student) { Against = Teacher },
        [Grouped(0.65, 0.75, 0.5)],
        Lineage with { TrainedOnDatasetHash = new string('c', 64) },
        new RunCost(20, 0, 1 << 30))
    {
        Against = new MeasuredModel(Teacher, [Grouped(0.6, 0.625, 0.55)]),
    };

    private static readonly MetricReport Trained = new(
        "00000000000000000007",
        TinySpecs.StudentOf(ReidCloud.Runs.RunId.Parse("00000000000000000001")),
        [Figures(RetrievalSetting.ImageToVideo, 0.5)],
        Lineage with { Parents = [new ParentLineage("teacher", Student, Hash)] },
        new RunCost(4000, 31.5, 3L << 30))
    {
        Losses = [.. Enumerable.Range(1, 30).Select(epoch => new EpochLosses(epoch, 1e-4, new Dictionary<string, double>
        {
            ["batch-hard-triplet"] = 1.0 / epoch, ["cross-entropy"] = 5.0 / epoch, ["distance-preserving"] = 30.0 / epoch, ["logit-distillation"] = 2.0 / epoch, ["total"] = 6.0 / epoch,
        }))],
    };

    private static readonly MetricReport Explained = new(
        "00000000000000000006", new ExplainSpec("mars", Student) { Against = Teacher, Images = 1 }, [], Lineage, new RunCost(20, 0, 1 << 30))
    {
        Files =
        [
            .. new[] { "original-0000.png", "checkpoint-0000.png", "against-0000.png", "both-0000.png", "sheet.png", "images.json" }
                .Select(name => new RunFile(name, "blob", 20_000, Hash)),
        ],
    };

    [Theory]
    [InlineData("compared", 80)]
    [InlineData("compared", 2000)]
    [InlineData("tigers", 80)]
    [InlineData("trained", 80)]
    [InlineData("explained", 80)]
    [InlineData("mutual", 120)]
    [InlineData("camera-less", 80)]
    [InlineData("infrared", 120)]
    public void A_whole_report_is_as_approved_and_no_wider_than_its_terminal(string report, int width)
    {
        var text = Text(width, console => ReportTables.Write(console, report switch { "compared" => Compared, "tigers" => Tigers, "explained" => Explained, "mutual" => SampleVariants.Mutual().Report, "camera-less" => SampleVariants.CameraLess().Report, "infrared" => SampleVariants.Infrared().Report, _ => Trained }));

        Assert.All(text.Split('\n'), line => Assert.InRange(line.Length, 0, width));
        Assert.DoesNotContain("…", text, StringComparison.Ordinal);
        Approved.Matches($"report.{report}.{width}", text);
    }

    [Fact]
    public void What_was_not_measured_has_no_table()
    {
        var plain = Compared with { GalleryCurve = [], CameraBias = null, Against = null };

        Assert.Equal(1, Text(2000, console => ReportTables.WriteFigures(console, plain)).Count(letter => letter == '╭'));
        Assert.Empty(Text(2000, console => ReportTables.WriteFigures(console, plain with { Settings = [], Warnings = [] })));
    }

    [Fact]
    public void A_camera_bias_that_only_one_model_has_stands_alone()
    {
        var text = Text(2000, console => ReportTables.WriteFigures(console, Compared with { CameraBias = null }));

        Assert.Matches("│ against │ 80.4 % +│ 16.7 %", text);
        Assert.DoesNotContain("│ checkpoint │ 51.2 %", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_many_files_the_first_and_the_last_are_named_and_the_rest_counted()
    {
        var text = Text(80, console => ReportTables.Write(console, Many(30)));

        Assert.Contains("map-0009.png", text, StringComparison.Ordinal);
        Assert.DoesNotContain("map-0010.png", text, StringComparison.Ordinal);
        Assert.DoesNotContain("map-0019.png", text, StringComparison.Ordinal);
        Assert.Contains("map-0020.png", text, StringComparison.Ordinal);
        Assert.Matches("│ 10 more +│ 10 KiB +│", text);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(15)]
    [InlineData(20)]
    public void Of_few_files_each_is_named_once(int count)
    {
        var text = Text(80, console => ReportTables.Write(console, Many(count)));

        Assert.Equal(count, text.Split("map-").Length - 1);
        Assert.DoesNotContain("more", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.0004, 0.0, "0.0")]
    [InlineData(0.0, 0.0004, "0.0")]
    [InlineData(0.3125, 0.25, "+6.2")]
    [InlineData(0.25, 0.3125, "-6.2")]
    public void A_difference_is_rounded_as_the_figures_are(double one, double other, string points)
    {
        var report = Compared with
        {
            Settings = [Figures(RetrievalSetting.ImageToVideo, one)],
            Against = new MeasuredModel(Teacher, [Figures(RetrievalSetting.ImageToVideo, other)]),
            GalleryCurve = [],
        };

        Assert.Matches($@"│ mAP \(trapezoidal\) │ .* % +│ .* % +│ {System.Text.RegularExpressions.Regex.Escape(points)} +│", Text(200, console => ReportTables.WriteFigures(console, report)));
    }

    [Fact]
    public void A_pipe_gets_every_row_on_one_line()
    {
        using var output = new StringWriter();

        ReportTables.WriteFigures(new Terminal(output, TextWriter.Null).Out, Compared);

        Assert.Matches("│ image-to-video │ 1980 +│ 1840 +│ 11310 +│ 77.3 % +│ 80.3 % +│ 57.3 % +│ 86.3 % +│ 89.3 % +│ 91.3 % +│", output.ToString());
    }

    private static MetricReport Many(int files) =>
        Compared with { Files = [.. Enumerable.Range(0, files).Select(i => new RunFile($"map-{i:D4}.png", "blob", 1024, Hash))] };

    private static IReadOnlyList<GalleryCurvePoint> Curve(double imageToVideo, double videoToVideo) =>
    [
        new(8, Figures(RetrievalSetting.ImageToVideo, imageToVideo)), new(8, Figures(RetrievalSetting.VideoToVideo, videoToVideo)),
        new(1, Figures(RetrievalSetting.ImageToVideo, imageToVideo - 0.1)), new(1, Figures(RetrievalSetting.VideoToVideo, videoToVideo - 0.1)),
    ];

    private static SettingMetrics Figures(RetrievalSetting setting, double map) => new(setting, 1980, 1840, 11_310, map + 0.09, map + 0.12, map + 0.14, map, map + 0.03, map - 0.2);

    private static SettingMetrics Grouped(double map, double single, double cross) => new(RetrievalSetting.ImageToImage, 5, 5, 5, 0.4, 1, 1, map - 0.1, map, 0.3)
    {
        Groups = [new QueryGroup("single-camera", 3, 1 / 3.0, 1, single), new QueryGroup("cross-camera", 2, 0.5, 1, cross)],
        MeanGroupMap = (single + cross) / 2,
    };

    private static string Text(int width, Action<IAnsiConsole> write)
    {
        using var output = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output), ColorSystem = ColorSystemSupport.NoColors, Ansi = AnsiSupport.No });
        console.Profile.Width = width;
        write(console);
        return output.ToString().ReplaceLineEndings("\n");
    }
}
