using ReidCloud.Cli;
using ReidCloud.Cli.Display;
using ReidCloud.Datasets;
using ReidCloud.GpuRunner;
using ReidCloud.Reports;
using ReidCloud.Runs;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;
using static TorchSharp.torch;

namespace ReidCloud.Tests.EndToEnd;

/// <summary>The whole path in one process: a data set, a teacher, its student submitted together with it, an evaluation, three reports.</summary>
[Collection(RunnersCollection.Name)]
public sealed class DebugRunTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task A_teacher_and_its_student_are_trained_and_reported()
    {
        var system = await RunnerSystem.CreateAsync(azurite);
        var manifest = await TinyDataset.CommitAsync(system.Storage, TinyDataset.Zip());
        var teacher = await system.SubmitAsync(TinySpecs.Teacher);
        var student = await system.SubmitAsync(TinySpecs.StudentOf(teacher));
        var again = await system.SubmitAsync(new EvaluateSpec("tiny", new CheckpointRef(student.ToString()))
        {
            Evaluation = TinySpecs.Teacher.Evaluation with { EveryEpochs = 0 },
        });

        Assert.Equal(RunState.Waiting, (await system.StatusAsync(student)).State);
        Assert.True(await system.Runner.TakeOneAsync(RunnerSystem.Patience, CancellationToken.None));
        Assert.True(await system.Runner.TakeOneAsync(RunnerSystem.Patience, CancellationToken.None));
        Assert.True(await system.Runner.TakeOneAsync(RunnerSystem.Patience, CancellationToken.None));

        var taught = await system.ReportAsync(teacher);
        var learned = await system.ReportAsync(student);
        var measured = await system.ReportAsync(again);
        CheckFigures(taught, manifest);
        CheckFigures(learned, manifest);
        Assert.True(taught.Losses[^1].Losses["total"] < taught.Losses[0].Losses["total"], "the teacher learns");
        Assert.Equal(TinySpecs.Teacher.Epochs, taught.Losses.Count);
        Assert.Equal([4], taught.History.Select(metrics => metrics.Epoch));
        Assert.Equal(["triplet", "cross-entropy", "distance-preservation", "logit-distillation", "total"], learned.Losses[0].Losses.Keys);
        var parent = Assert.Single(learned.Lineage.Parents);
        Assert.Equal(("teacher", teacher.ToString(), taught.Lineage.CheckpointSha256), (parent.Role, parent.Checkpoint.Run, parent.CheckpointSha256));
        Assert.Equal(ReidJson.Write(learned.Settings), ReidJson.Write(measured.Settings));
        Assert.Equal(learned.Lineage.CheckpointSha256, measured.Lineage.CheckpointSha256);
    }

    [Fact]
    public async Task Each_generation_is_a_run_that_names_the_one_before()
    {
        var system = await RunnerSystem.CreateAsync(azurite);
        await TinyDataset.CommitAsync(system.Storage, TinyDataset.Zip());
        var teacher = await system.SubmitAsync(Briefly(TinySpecs.Teacher));
        var first = await system.SubmitAsync(Briefly(TinySpecs.StudentOf(teacher)));
        var second = await system.SubmitAsync(Briefly(TinySpecs.StudentOf(first)) with { Optimizer = new AdamSpec(3e-5) });

        for (var generation = 0; generation < 3; generation++)
        {
            Assert.True(await system.Runner.TakeOneAsync(RunnerSystem.Patience, CancellationToken.None));
        }

        var reports = new List<MetricReport>();
        foreach (var run in (RunId[])[teacher, first, second])
        {
            reports.Add(await system.ReportAsync(run));
        }

        Assert.Empty(reports[0].Lineage.Parents);
        foreach (var (before, after) in reports.Zip(reports.Skip(1)))
        {
            Assert.Equal(new ParentLineage("teacher", new CheckpointRef(before.Run), before.Lineage.CheckpointSha256), Assert.Single(after.Lineage.Parents));
            using var shown = new StringWriter();
            ReportTables.Write(new Terminal(shown, TextWriter.Null).Out, after);
            Assert.Matches($"teacher +run {before.Run}, checkpoint {before.Lineage.CheckpointSha256}", shown.ToString());
        }

        Assert.Distinct(reports.Select(report => report.Lineage.CheckpointSha256));
    }

    [Fact]
    public async Task The_events_tell_the_story_in_order()
    {
        var system = await RunnerSystem.CreateAsync(azurite);
        await TinyDataset.CommitAsync(system.Storage, TinyDataset.Zip());
        var run = await system.SubmitAsync(TinySpecs.Light);

        await system.Runner.TakeOneAsync(RunnerSystem.Patience, CancellationToken.None);

        var events = (await system.Store.ReadEventsAsync(run, default, CancellationToken.None)).Events;
        Assert.Equal(RunEventKind.Claimed, events[0].Kind);
        Assert.Equal(RunEventKind.Finished, events[^1].Kind);
        Assert.Equal([1, 2, 3, 4, 5, 6], events.Where(happened => happened.Kind == RunEventKind.Epoch).Select(happened => happened.Epoch));
        var measured = events.Last(happened => happened is { Kind: RunEventKind.Evaluation, Values: not null });
        Assert.Equal((await system.ReportAsync(run)).Settings[0].MapTrapezoidal, measured.Values!["image-to-video/mapTrapezoidal"]);
    }

    private static TrainSpec Briefly(TrainSpec spec) => spec with { Model = TinySpecs.Light.Model, Epochs = 1, Evaluation = new EvaluationSpec { Frames = 1 } };

    private static void CheckFigures(MetricReport report, DatasetManifest manifest)
    {
        Assert.Equal([RetrievalSetting.ImageToVideo, RetrievalSetting.VideoToVideo], report.Settings.Select(setting => setting.Setting));
        Assert.All(report.Settings, setting =>
        {
            Assert.Equal(manifest.Of(Split.Query).Count(), setting.Queries);
            Assert.Equal(setting.Queries, setting.QueriesWithMatch);
            Assert.Equal(manifest.Of(Split.Gallery).Count(), setting.Gallery);

            // Six identities: chance is about a third.
            Assert.InRange(setting.MapTrapezoidal, 0.5, 1);
        });
        Assert.Equal((manifest.Hash, manifest.Hash, 1), (report.Lineage.DatasetHash, report.Lineage.TrainedOnDatasetHash, report.Lineage.Attempts));
        Assert.Equal(get_num_threads(), report.Lineage.Threads);
    }
}
