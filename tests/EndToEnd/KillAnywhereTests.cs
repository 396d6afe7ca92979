using ReidCloud.GpuRunner.Data;
using ReidCloud.Runs;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.EndToEnd;

/// <summary>
/// Runners killed with SIGKILL wherever it might hurt: each run ends with the bytes of the one that nobody disturbed, checkpoints, files and report, and leaves
/// nothing else.
/// </summary>
public sealed class KillAnywhereTests(AzuriteFixture azurite, UndisturbedRuns undisturbed) : IClassFixture<UndisturbedRuns>
{
    [Fact]
    public async Task A_teacher_killed_at_every_step_of_its_way()
    {
        await using var runs = await KilledRuns.StartAsync(azurite);
        var run = await runs.SubmitAsync(UndisturbedRuns.Teacher);
        var student = await runs.SubmitAsync(UndisturbedRuns.Student);

        await KillAsync(
            runs,
            KillPlace.Before("its first word in the status", Publishes(RunPaths.Status(run))),
            KillPlace.Before("the manifest's download", Reads("tiny/manifest.json")),
            KillPlace.After("the archive's download", Reads(TinyDataset.File)),
            KillPlace.Before("the middle of a checkpoint's upload", Block(2)),
            KillPlace.Before("the end of a checkpoint's upload", Publishes(".safetensors")),
            KillPlace.After("a checkpoint put and not yet pointed at", Publishes(".safetensors")),
            KillPlace.Before("pointing at a checkpoint", StatusAfter(".safetensors")));
        Assert.Null((await runs.System.StatusAsync(run)).Checkpoint);

        await KillAsync(runs, KillPlace.After("a checkpoint pointed at", StatusAfter(".safetensors")));
        Assert.Equal(1, (await runs.System.StatusAsync(run)).Checkpoint!.Epoch);

        await KillAsync(
            runs,
            KillPlace.Before("the download of its checkpoint", Reads(".safetensors")),
            KillPlace.Line("an evaluation on the way", "epoch 2/4"),
            KillPlace.Soon("the steps of an epoch", StatusAfter(".safetensors")),
            KillPlace.Before("the removal of a checkpoint", request => request.Method == "DELETE"),
            KillPlace.Line("the upload of the last checkpoint", "epoch 4/4"),
            KillPlace.Soon("the last evaluation", StatusAfter(".safetensors")),
            KillPlace.Before("the upload of the report", Publishes("report.json")),
            KillPlace.After("a report put and not yet pointed at", Publishes("report.json")),
            KillPlace.Before("pointing at the report", StatusAfter("report.json")));
        Assert.Equal(RunState.Running, (await runs.System.StatusAsync(run)).State);
        Assert.Equal(RunState.Waiting, (await runs.System.StatusAsync(student)).State);

        // Nobody has told the student; whoever sweeps does.
        await KillAsync(runs, KillPlace.After("the end", StatusAfter("report.json")));
        Assert.Equal(RunState.Succeeded, (await runs.System.StatusAsync(run)).State);
        Assert.Equal(RunState.Queued, (await runs.System.StatusAsync(student)).State);
        Assert.Equal(await undisturbed.RemainsAsync(UndisturbedRuns.Teacher), await RunRemains.ReadAsync(runs.System, run));
    }

    [Fact]
    public async Task A_student()
    {
        var teacher = RunId.Of(UndisturbedRuns.Teacher);

        await SurvivesAsync(
            UndisturbedRuns.Student,
            3,
            KillPlace.Before("the download of its teacher", Reads(".safetensors", RunPaths.AllAttempts(teacher))),
            KillPlace.Before("the middle of a checkpoint's upload", Block(3)),
            KillPlace.After("a checkpoint put and not yet pointed at", Publishes(".safetensors")),
            KillPlace.Line("an evaluation on the way", "epoch 2/3"),
            KillPlace.After("the download of its checkpoint", Reads(".safetensors", RunPaths.AllAttempts(RunId.Of(UndisturbedRuns.Student)))),
            KillPlace.Before("pointing at the report", StatusAfter("report.json")));
    }

    [Fact]
    public async Task A_student_of_another_start() => await SurvivesAsync(
        UndisturbedRuns.CrossStudent, 1, KillPlace.Before("the download of what it starts from", Reads(".safetensors", RunPaths.AllAttempts(RunId.Of(UndisturbedRuns.Student)))));

    [Fact]
    public async Task Peers() => await SurvivesAsync(
        UndisturbedRuns.Peers,
        0,
        KillPlace.Before("the middle of a checkpoint's upload", Block(3)),
        KillPlace.After("a checkpoint pointed at", StatusAfter(".safetensors")),
        KillPlace.After("the download of its checkpoint", Reads(".safetensors", RunPaths.AllAttempts(RunId.Of(UndisturbedRuns.Peers)))),
        KillPlace.Before("pointing at the report", StatusAfter("report.json")));

    [Fact]
    public async Task An_evaluation() => await SurvivesAsync(
        UndisturbedRuns.Evaluation,
        2,
        KillPlace.Line("measuring", "claimed"),
        KillPlace.Before("the upload of distances", Publishes(".safetensors")),
        KillPlace.After("the upload of the second model's distances", Publishes(".safetensors", contains: "against-")),
        KillPlace.After("the upload of the insights", Publishes("insights.json")),
        KillPlace.After("a report put and not yet pointed at", Publishes("report.json")));

    [Fact]
    public async Task An_explanation() => await SurvivesAsync(
        UndisturbedRuns.Explanation,
        1,
        KillPlace.After("the upload of a picture", Publishes("both-0001.png")),
        KillPlace.After("a page put without a report", Publishes("report.html")),
        KillPlace.Before("the end", StatusAfter("report.json")));

    [Fact]
    public async Task An_export() => await SurvivesAsync(UndisturbedRuns.Export, 1, KillPlace.After("the upload of the model", Publishes("model.onnx")));

    /// <summary>Killed at those places and at some moments besides.</summary>
    private async Task SurvivesAsync(RunSpec spec, int moments, params KillPlace[] places)
    {
        await using var runs = await KilledRuns.StartAsync(azurite);
        await undisturbed.CopyParentsAsync(spec, runs.System);
        var run = await runs.SubmitAsync(spec);
        var random = Seeding.Stream(4, $"kills/{spec.GetType().Name}");

        await KillAsync(runs, places);
        for (var i = 0; i < moments; i++)
        {
            await runs.KillAsync(KillPlace.Moment(TimeSpan.FromSeconds(random.NextDouble(0.5, 4))));
        }

        await runs.FinishAsync(run);
        Assert.Equal(await undisturbed.RemainsAsync(spec), await RunRemains.ReadAsync(runs.System, run));
    }

    private static async Task KillAsync(KilledRuns runs, params KillPlace[] places)
    {
        foreach (var place in places)
        {
            var ended = await runs.KillAsync(place);
            Assert.True(ended is null, $"the runner came to its end without having been at {place}:{Environment.NewLine}{ended}");
        }
    }

    private static Func<StorageRequest, bool> Reads(string end, string begin = "") => request =>
        request is { Method: "GET", IsQueue: false, Comp: null } && request.Blob.EndsWith(end, StringComparison.Ordinal) && request.Blob.StartsWith(begin, StringComparison.Ordinal);

    private static Func<StorageRequest, bool> Publishes(string end, string contains = "") => request =>
        request.Publishes && request.Blob.EndsWith(end, StringComparison.Ordinal) && request.Blob.Contains(contains, StringComparison.Ordinal);

    /// <summary>The n-th block of a checkpoint.</summary>
    private static Func<StorageRequest, bool> Block(int n)
    {
        var seen = 0;
        return request => request is { Comp: "block" } && Interlocked.Increment(ref seen) == n;
    }

    /// <summary>The status that comes after such a blob.</summary>
    private static Func<StorageRequest, bool> StatusAfter(string end)
    {
        var (isPut, isStatus) = (false, Publishes("status.json"));
        var isSuch = Publishes(end);
        return request =>
        {
            Volatile.Write(ref isPut, isPut || isSuch(request));
            return isPut && isStatus(request);
        };
    }
}
