using ReidCloud.Reports;
using ReidCloud.Reports.TensorBoard;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Shared.Reports.TensorBoard;

public sealed class RunCurvesTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Losses_pace_and_figures_lie_over_the_steps_of_the_training()
    {
        RunEvent[] events =
        [
            new(Start, RunEventKind.Claimed),
            Training(1, RunEventKind.Step, 0, 5),
            Training(2, RunEventKind.Epoch, 1, 0) with { MemoryBytes = 3 << 20 },
            new(Start.AddSeconds(3), RunEventKind.Evaluation) { Epoch = 1, Step = 10, Steps = 20, Message = "10 of 20 queries and gallery items are embedded" },
            new(Start.AddSeconds(4), RunEventKind.Evaluation) { Epoch = 1, Values = new Dictionary<string, double> { ["image-to-video/mapStandard"] = 0.25 } },
        ];

        var read = EventFileReader.Read(Write(events));

        Assert.Equal(EventFile.Version, read[0].Version);
        Assert.Equal("request", read[1].Tag);
        Assert.StartsWith("```json\n{\n  \"kind\": \"train\",", read[1].Text, StringComparison.Ordinal);
        var began = Start.ToUnixTimeSeconds();
        Assert.Equal(
            [
                (began + 1, 5, "training/images-per-second", 100), (began + 1, 5, "training/learning-rate", 0.5f), (began + 1, 5, "step-loss/total", 2),
                (began + 2, 8, "training/images-per-second", 100), (began + 2, 8, "training/learning-rate", 0.5f), (began + 2, 8, "loss/total", 2), (began + 2, 8, "training/memory-mib", 3),
                (began + 4, 8, "image-to-video/mapStandard", 0.25f),
            ],
            read.Skip(2).Select(entry => (entry.WallTime, entry.Step, entry.Tag!, entry.Scalar!.Value)));
    }

    [Fact]
    public void Figures_of_an_evaluation_alone_have_no_step()
    {
        var read = EventFileReader.Read(Write(new RunEvent(Start, RunEventKind.Evaluation) { Values = new Dictionary<string, double> { ["video-to-video/rank1"] = 1 } }));

        Assert.Equal((0, "video-to-video/rank1", 1f), (read[^1].Step, read[^1].Tag, read[^1].Scalar));
    }

    [Fact]
    public void A_run_without_figures_has_no_file()
    {
        using var file = new MemoryStream();

        Assert.False(RunCurves.Write(file, TinySpecs.Teacher, [new RunEvent(Start, RunEventKind.Claimed), new RunEvent(Start, RunEventKind.Failed)]));
        Assert.Equal(0, file.Length);
    }

    private static byte[] Write(params RunEvent[] events)
    {
        using var file = new MemoryStream();
        Assert.True(RunCurves.Write(file, TinySpecs.Teacher, events));
        return file.ToArray();
    }

    private static RunEvent Training(int second, RunEventKind kind, int epoch, int step) => new(Start.AddSeconds(second), kind)
    {
        Epoch = epoch,
        Epochs = 2,
        Step = step,
        Steps = 8,
        Values = new Dictionary<string, double> { ["total"] = 2, ["learningRate"] = 0.5, ["imagesPerSecond"] = 100, ["secondsRemaining"] = 9 },
    };
}
