using System.Text;
using ReidCloud.GpuRunner.Data;
using ReidCloud.GpuRunner.Export;
using ReidCloud.GpuRunner.Jobs;
using ReidCloud.GpuRunner.Models;
using ReidCloud.Reports;
using ReidCloud.Specs;
using ReidCloud.Tests.GpuRunner.Export;
using ReidCloud.Tests.GpuRunner.Training;
using ReidCloud.Tests.Testing;
using static TorchSharp.torch;

namespace ReidCloud.Tests.GpuRunner.Jobs;

public sealed class ExportJobTests : TorchTests
{
    private static readonly byte[] Zip = TinyDataset.Zip();
    private static readonly CheckpointRef Student = new("00000000000000000001");

    private readonly string _folder = Directory.CreateTempSubdirectory("reid-export-").FullName;

    [Fact]
    public void A_network_is_left_with_its_card_when_it_was_found_to_be_the_same()
    {
        var (outcome, context) = Do(new ExportSpec("tiny", Student) { FoldBatchNorm = true }, Network(Report()));

        Assert.Equal(["model.onnx", "model-card.md"], context.Files.Keys);
        var model = ProtobufMessage.Read(context.Files["model.onnx"]);
        Assert.Contains(model.Messages(14), fact => (fact.Text(1), fact.Text(2)) == ("network", $"run {Student.Run}"));
        Assert.Equal([$"run {Student.Run}"], outcome.Parents.Select(parent => parent.Checkpoint.ToString()));
        var told = Assert.Single(context.Events, happened => happened.Kind == RunEventKind.Evaluation);
        Assert.Equal(["difference/batch-1", "difference/batch-7", "difference/batch-64"], told.Values!.Keys);
    }

    [Fact]
    public void The_card_says_what_goes_in_how_good_it_is_and_where_it_comes_from()
    {
        var (_, context) = Do(new ExportSpec("tiny", Student), Network(Report()));

        var card = Encoding.UTF8.GetString(context.Files["model-card.md"]);
        Assert.StartsWith("# Model card: resnet18 of run 00000000000000000001\n", card, StringComparison.Ordinal);
        Assert.Contains("`images`, float32 [n, 3, 64, 32]", card, StringComparison.Ordinal);
        Assert.Contains("image = image.resize((32, 64), Image.BICUBIC)", card, StringComparison.Ordinal);
        Assert.Contains("less the mean [0.485, 0.456, 0.406]; by the deviation [0.229, 0.224, 0.225]", card, StringComparison.Ordinal);
        Assert.Contains("| image-to-video | 9 | 13 | 50.0 (40.0 – 60.0) | 45.0 (35.0 – 55.0) |", card, StringComparison.Ordinal);
        Assert.Contains("- teacher: run 00000000000000000002, SHA-256 `teacher's content`", card, StringComparison.Ordinal);
        Assert.Contains("It was not trained on the data set it was checked on.", card, StringComparison.Ordinal);
        Assert.Contains("| 64 |", card, StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_that_was_measured_behind_its_neck_is_exported_so_and_without_its_stripes()
    {
        var (_, context) = Do(
            new ExportSpec("tiny", Student),
            Network(null, training => training with { Model = training.Model with { Local = new(8) }, Evaluation = training.Evaluation with { AfterNeck = true } }));

        var card = Encoding.UTF8.GetString(context.Files["model-card.md"]);
        Assert.Contains("of any length, taken behind the neck;", card, StringComparison.Ordinal);
        Assert.Contains("local branch is not in the file", card, StringComparison.Ordinal);
        Assert.Equal("BatchNormalization", ProtobufMessage.Read(context.Files["model.onnx"]).Message(7).Messages(1).Last().Text(4));
    }

    [Fact]
    public void What_its_figures_came_about_with_and_a_file_cannot_hold_is_said()
    {
        var measured = new EvaluationSpec { AddMirrored = true, CameraStatistics = new CameraStatisticsSpec() };

        var (outcome, context) = Do(new ExportSpec("tiny", Student), Network(null, training => training with { CameraBatchNorm = new CameraBatchNormSpec(), Evaluation = measured }));

        foreach (var beginning in (string[])
            [$"{Student} was trained with cameraBatchNorm, so its running batch-norm statistics are a mixture of cameras: the file has them",
                "the run was measured with each image's embedding and that of its mirror image", "the run was measured with batch-norm statistics of each camera"])
        {
            Assert.Single(outcome.Warnings, warning => warning.StartsWith(beginning, StringComparison.Ordinal));
        }

        Assert.Contains("a mixture of cameras", System.Text.Encoding.UTF8.GetString(context.Files["model-card.md"]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_letterboxed_network_without_a_measurement_has_a_card_too()
    {
        var (_, context) = Do(new ExportSpec("tiny", Student) { Input = new InputSpec(32, 32) { Fit = ResizeFit.Letterbox, Filter = ResizeFilter.Bilinear } }, Network(null));

        var card = Encoding.UTF8.GetString(context.Files["model-card.md"]);
        Assert.Contains("with its aspect ratio kept, centered on black by Pillow's bilinear filter", card, StringComparison.Ordinal);
        Assert.Contains("frame.paste(image.resize((width, height), Image.BILINEAR)", card, StringComparison.Ordinal);
        Assert.Contains("without a measurement", card, StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_that_saw_pictures_as_AlignedReID_has_them_says_how_to_make_them()
    {
        var input = new InputSpec(32, 32) { Filter = ResizeFilter.OpenCvBilinear, Mean = new(0.486, 0.459, 0.408) };
        var (_, context) = Do(new ExportSpec("tiny", Student) { Input = input }, Network(null));

        var card = Encoding.UTF8.GetString(context.Files["model-card.md"]);
        Assert.Contains("without regard to the aspect ratio by OpenCV's INTER_LINEAR; divided by 255; less the mean [0.486, 0.459, 0.408]; by the deviation [0.229, 0.224, 0.225]", card, StringComparison.Ordinal);
        Assert.Contains("import cv2, numpy", card, StringComparison.Ordinal);
        Assert.Contains("cv2.resize(numpy.asarray(image), (32, 32), interpolation=cv2.INTER_LINEAR)", card, StringComparison.Ordinal);
        Assert.Contains("(pixels - numpy.float32([0.486, 0.459, 0.408]))", card, StringComparison.Ordinal);
        Assert.Contains("0.486,0.459,0.408", Encoding.UTF8.GetString(context.Files["model.onnx"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_ONNX_Runtime_nothing_is_left()
    {
        using var context = new MemoryContext();

        Assert.Throws<OnnxRuntimeException>(() => Do(new ExportSpec("tiny", Student), context, Network(null)));

        Assert.Empty(context.Files);
    }

    [Fact]
    public void A_run_that_is_asked_to_stop_stops()
    {
        using var context = new MemoryContext { OnnxRuntime = OnnxRuntimePackage.Folder() };
        context.AskToStop();

        Assert.ThrowsAny<OperationCanceledException>(() => Do(new ExportSpec("tiny", Student), context, Network(null)));
    }

    public override void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        base.Dispose();
    }

    private static MetricReport Report()
    {
        var sure = new Interval(0.4, 0.6);
        var settings = new SettingMetrics(RetrievalSetting.ImageToVideo, 10, 9, 13, 0.5, 0.5, 0.5, 0.45, 0.5, 0.5)
        {
            Intervals = new MetricIntervals(sure, sure, sure, new Interval(0.35, 0.55), sure, sure),
        };
        var lineage = new Lineage("hash", [new ParentLineage("teacher", new CheckpointRef("00000000000000000002"), "teacher's content")], "content", "1", "2.10", "cpu", 1, "here", "now");
        return new MetricReport(Student.Run!, TinySpecs.Teacher, [settings], lineage, new RunCost(1, 0, 0));
    }

    /// <summary>A network as a run on another data set left it.</summary>
    private Parent Network(MetricReport? report, Func<TrainSpec, TrainSpec>? change = null)
    {
        var spec = TinySpecs.Teacher with { Dataset = "elsewhere", Input = ExportedNetworks.Input };
        spec = change?.Invoke(spec) ?? spec;
        using var model = ExportedNetworks.Network(spec.Model);
        var file = Path.Combine(_folder, $"{Guid.NewGuid():N}");
        using var to = File.Create(file);
        Checkpoint.Write(to, new CheckpointHead(spec, "a data set of another name's hash", ["a", "b", "c"], "model", 1, 0), [.. Checkpoint.Entries("model", model)]);
        return new Parent(Student, "content", file) { Report = report };
    }

    private (JobOutcome Outcome, MemoryContext Context) Do(ExportSpec spec, Parent network)
    {
        using var context = new MemoryContext { OnnxRuntime = OnnxRuntimePackage.Folder() };
        return (Do(spec, context, network), context);
    }

    private JobOutcome Do(ExportSpec spec, MemoryContext context, Parent network)
    {
        var manifest = TinyDataset.Manifest(Zip);
        var archives = new ArchiveCache(manifest, Path.Combine(_folder, "archives"), (_, file, token) => File.WriteAllBytesAsync(file, Zip, token));
        var frames = new DatasetFrames(manifest, archives.Read, _folder, long.MaxValue);
        return JobRegistry.Create(spec, frames, new Dictionary<CheckpointRef, Parent> { [network.Checkpoint] = network }, context, TimeProvider.System, CPU).Run(null);
    }
}
