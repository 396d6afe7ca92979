using System.Security.Cryptography;
using System.Text;
using ReidCloud.GpuRunner;
using ReidCloud.Reports;
using ReidCloud.Reports.Page;
using ReidCloud.Runs;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;
using static TorchSharp.torch;

namespace ReidCloud.Tests.GpuRunner;

[Collection(RunnersCollection.Name)]
public sealed class RunnerTests(AzuriteFixture azurite)
{
    private static readonly TrainSpec Spec = TinySpecs.Light with
    {
        Epochs = 4,
        Checkpoints = new CheckpointSpec(EveryEpochs: 1),
        Evaluation = new EvaluationSpec { Frames = 2 },
    };

    [Fact]
    public async Task A_run_given_back_goes_on_even_when_its_last_checkpoint_is_damaged_and_ends_with_the_same_bytes()
    {
        var (straight, whole) = await StartAsync(Spec);
        await straight.Runner.TakeOneAsync(RunnerSystem.Patience, CancellationToken.None);
        var expected = await straight.ReportAsync(whole);

        var (system, run) = await StartAsync(Spec);
        using var goingAway = new CancellationTokenSource();
        system.When("epoch 3/4", goingAway.Cancel);
        await system.Runner.TakeOneAsync(RunnerSystem.Patience, goingAway.Token);

        var status = await system.StatusAsync(run);
        Assert.Equal((RunState.Queued, 1, 3, 2), (status.State, status.Attempt, status.Checkpoint!.Epoch, status.OlderCheckpoints[0].Epoch));
        await system.Storage.Runs.GetBlobClient(status.Checkpoint.Blob).UploadAsync(BinaryData.FromString("rust"), overwrite: true);
        Assert.True(await system.Runner.TakeOneAsync(RunnerSystem.Patience, CancellationToken.None), "its nudge was sent again");

        var report = await system.ReportAsync(run);
        Assert.Equal(expected.Lineage.CheckpointSha256, report.Lineage.CheckpointSha256);
        Assert.Equal(ReidJson.Write(expected.Settings), ReidJson.Write(report.Settings));
        Assert.Equal(ReidJson.Write(expected.Losses), ReidJson.Write(report.Losses));
        Assert.Equal(2, report.Lineage.Attempts);
        Assert.True(report.Cost.AllSeconds > report.Cost.Seconds, "the first attempt counts, too");
        Assert.InRange(report.Cost.RedoneSeconds, 0, report.Cost.AllSeconds - report.Cost.Seconds);
        Assert.Equal((expected.Cost.Seconds, 0.0), (expected.Cost.AllSeconds, expected.Cost.RedoneSeconds));
        var events = await system.Store.ReadAllEventsAsync(run);
        Assert.Contains(events, happened => happened.Kind == RunEventKind.Released);
        Assert.Contains(events, happened => happened is { Kind: RunEventKind.Note, Message: { } message } && message.Contains("is damaged", StringComparison.Ordinal));
        Assert.Contains(events, happened => happened is { Kind: RunEventKind.Resumed, Epoch: 2 });

        // Two checkpoints are kept, both whole; older ones are gone, and so is what the attempt needed on this machine.
        var end = await system.StatusAsync(run);
        Assert.Equal([(4, 2), (3, 2)], end.KeptCheckpoints().Select(kept => (kept.Epoch, RunPaths.AttemptOf(run, kept.Blob)!.Value)));
        Assert.Equal((4, report.Settings[0].MapStandard), (end.BestCheckpoint!.Epoch, end.BestCheckpoint.Score));
        Assert.Equal(end.KeptCheckpoints().Select(kept => kept.Blob).Order(), await CheckpointsAsync(system, run));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(system.Options.CacheFolder, "scratch")));

        // Its curves show each epoch once.
        var file = Assert.Single((await system.Store.GetFilesAsync(run, CancellationToken.None))!, file => file.Name == RunFileName.TensorBoard);
        var curves = (await system.Storage.Runs.GetBlobClient(file.Blob).DownloadContentAsync()).Value.Content.ToArray();
        Assert.Equal((file.Length, file.Sha256), (curves.LongLength, Convert.ToHexStringLower(SHA256.HashData(curves))));
        Assert.Equal(
            report.Losses.Select(losses => (float)losses.Losses["total"]),
            EventFileReader.Read(curves).Where(entry => entry.Tag == "loss/total").OrderBy(entry => entry.Step).Select(entry => entry.Scalar!.Value));
    }

    [Fact]
    public async Task A_run_whose_checkpoints_are_all_damaged_or_gone_starts_at_the_beginning_and_says_so()
    {
        var (system, run) = await StartAsync(Spec);
        using var goingAway = new CancellationTokenSource();
        system.When("epoch 3/4", goingAway.Cancel);
        await system.Runner.TakeOneAsync(RunnerSystem.Patience, goingAway.Token);
        var kept = (await system.StatusAsync(run)).KeptCheckpoints().ToList();
        Assert.Equal(2, kept.Count);
        await system.Storage.Runs.GetBlobClient(kept[0].Blob).UploadAsync(new BinaryData(Array.Empty<byte>()), overwrite: true);
        await system.Storage.Runs.GetBlobClient(kept[1].Blob).DeleteAsync();

        await system.Runner.TakeOneAsync(RunnerSystem.Patience, CancellationToken.None);

        Assert.Equal([1, 2, 3, 4], (await system.ReportAsync(run)).Losses.Select(losses => losses.Epoch));
        var events = await system.Store.ReadAllEventsAsync(run);
        Assert.DoesNotContain(events, happened => happened.Kind == RunEventKind.Resumed);
        Assert.Equal(
            [$"checkpoint '{kept[0].Blob}' is damaged: its SHA-256 is not {kept[0].Sha256}; going further back", $"blob '{kept[1].Blob}' does not exist; no checkpoint is left, so it starts at the beginning"],
            events.Where(happened => happened.Kind == RunEventKind.Note).Select(happened => happened.Message));
    }

    [Fact]
    public async Task A_cancelled_run_stops_and_keeps_its_last_checkpoint()
    {
        var (system, run) = await StartAsync(Spec with { Epochs = 5000, Checkpoints = new CheckpointSpec(1000) });
        system.When("epoch 2/5000", () => system.Store.RequestCancelAsync(run, CancellationToken.None).Wait());

        await system.Runner.TakeOneAsync(RunnerSystem.Patience, CancellationToken.None);

        var status = await system.StatusAsync(run);
        Assert.Equal(RunState.Cancelled, status.State);
        Assert.InRange(status.Checkpoint!.Epoch, 2, 4999);
        Assert.Null(status.Report);
        Assert.Equal(RunEventKind.Cancelled, (await system.Store.ReadAllEventsAsync(run))[^1].Kind);
    }

    [Fact]
    public async Task A_runner_that_lost_its_lease_writes_nothing_more()
    {
        var (system, run) = await StartAsync(Spec);
        system.When("epoch 1/4", () => RunLease.BreakAsync(system.Storage, run, CancellationToken.None).Wait());

        await system.Runner.TakeOneAsync(RunnerSystem.Patience, CancellationToken.None);

        var status = (await system.Store.GetStatusAsync(run, CancellationToken.None))!;
        Assert.False(status.IsLeased);
        Assert.Equal((RunState.Running, 1, null), (status.Status.State, status.Status.Attempt, status.Status.Checkpoint));
        Assert.Contains("nothing more is written", system.Log.ToString(), StringComparison.Ordinal);
        Assert.Null(await system.Queue.ReceiveAsync(TimeSpan.Zero, CancellationToken.None));
    }

    [Fact]
    public async Task What_a_person_can_mend_fails_in_its_own_words_and_who_waits_for_it_fails_too()
    {
        var system = await RunnerSystem.CreateAsync(azurite);
        var run = await system.SubmitAsync(Spec);
        var student = await system.SubmitAsync(TinySpecs.StudentOf(run));

        await system.Runner.TakeOneAsync(RunnerSystem.Patience, CancellationToken.None);

        var status = await system.StatusAsync(run);
        Assert.Equal(RunState.Failed, status.State);
        Assert.StartsWith("$.dataset: there is no data set 'tiny'", status.Failure!.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(SpecException), status.Failure.Detail, StringComparison.Ordinal);
        Assert.NotNull(status.FinishedAt);
        Assert.Equal(RunState.Failed, (await system.StatusAsync(student)).State);
    }

    [Fact]
    public async Task What_a_run_leaves_besides_its_report_is_listed_there()
    {
        var (system, run) = await StartAsync(Spec with { Epochs = 1 });
        await system.Runner.TakeOneAsync(RunnerSystem.Patience, CancellationToken.None);
        var trained = await system.ReportAsync(run);
        var explanation = await system.SubmitAsync(new ExplainSpec("tiny", new CheckpointRef(run.ToString())) { Images = 2 });

        await system.Runner.TakeOneAsync(RunnerSystem.Patience, CancellationToken.None);

        var report = await system.ReportAsync(explanation);
        Assert.Equal([RunFileName.Insights], trained.Files.Select(file => file.Name));
        Assert.Empty(report.Settings);
        Assert.Equal(trained.Lineage.CheckpointSha256, Assert.Single(report.Lineage.Parents).CheckpointSha256);
        Assert.Equal(
            ["original-0000.png", "checkpoint-0000.png", "original-0001.png", "checkpoint-0001.png", "sheet.png", "images.json", RunFileName.Insights],
            report.Files.Select(file => file.Name));
        foreach (var file in report.Files)
        {
            var content = (await system.Storage.Runs.GetBlobClient(file.Blob).DownloadContentAsync()).Value.Content.ToArray();
            Assert.Equal((file.Length, file.Sha256), (content.LongLength, Convert.ToHexStringLower(SHA256.HashData(content))));
        }
    }

    [Fact]
    public async Task Replicas_compute_on_a_device_each_and_the_report_names_those_that_were_used()
    {
        var system = await RunnerSystem.CreateAsync(azurite, new Placement([CPU, new Device("cpu"), CPU]));
        await TinyDataset.CommitAsync(system.Storage, TinyDataset.Zip());
        var run = await system.SubmitAsync(Spec with { Epochs = 1, Replicas = 2 });

        await system.Runner.TakeOneAsync(RunnerSystem.Patience, CancellationToken.None);

        Assert.Equal("cpu,cpu", (await system.ReportAsync(run)).Lineage.Device);
        Assert.Equal(
            ["of 3 devices it computes on cpu,cpu alone: only replicas ($.replicas) and the peers of mutual learning are spread over several"],
            (await system.Store.ReadAllEventsAsync(run)).Where(happened => happened.Kind == RunEventKind.Note).Select(happened => happened.Message));
    }

    [Fact]
    public async Task An_evaluation_given_back_begins_again_and_comes_to_the_same()
    {
        var (system, run) = await StartAsync(Spec with { Epochs = 1 });
        await system.Runner.TakeOneAsync(RunnerSystem.Patience, CancellationToken.None);
        var spec = new EvaluateSpec("tiny", new CheckpointRef(run.ToString())) { Evaluation = Spec.Evaluation, GalleryFrames = [1, 3], CameraBias = true, SaveDistances = true };
        var whole = await system.SubmitAsync(spec);
        await system.Runner.TakeOneAsync(RunnerSystem.Patience, CancellationToken.None);
        var expected = await system.ReportAsync(whole);

        var broken = await system.SubmitAsync(spec with { Repeat = 1 });
        using var goingAway = new CancellationTokenSource();
        system.When("attempt 1", goingAway.Cancel);
        await system.Runner.TakeOneAsync(RunnerSystem.Patience, goingAway.Token);
        Assert.Equal((RunState.Queued, 1), ((await system.StatusAsync(broken)).State, (await system.StatusAsync(broken)).Attempt));
        await system.Runner.TakeOneAsync(RunnerSystem.Patience, CancellationToken.None);

        var report = await system.ReportAsync(broken);
        Assert.Equal(2, report.Lineage.Attempts);
        Assert.Equal(ReidJson.Write(expected.Settings), ReidJson.Write(report.Settings));
        Assert.Equal(ReidJson.Write(expected.GalleryCurve), ReidJson.Write(report.GalleryCurve));
        Assert.Equal(expected.CameraBias, report.CameraBias);
        Assert.Equal(5, report.Files.Count);
        Assert.Equal(expected.Files.Select(file => (file.Name, file.Sha256)), report.Files.Select(file => (file.Name, file.Sha256)));
    }

    [Fact]
    public async Task A_report_has_its_insights_and_what_people_read_beside_it()
    {
        var (system, run) = await StartAsync(Spec with { Epochs = 1 });
        await system.Runner.TakeOneAsync(RunnerSystem.Patience, CancellationToken.None);

        var report = await system.ReportAsync(run);
        var files = (await system.Store.GetFilesAsync(run, CancellationToken.None))!;

        Assert.Equal(
            [RunFileName.Insights, RunFileName.ReportTable, RunFileName.ReportPage, RunFileName.ReportText, RunFileName.TensorBoard, RunFileName.Checkpoint],
            files.Select(file => file.Name));
        var contents = new Dictionary<string, byte[]>();
        foreach (var file in files)
        {
            contents[file.Name] = (await system.Storage.Runs.GetBlobClient(file.Blob).DownloadContentAsync()).Value.Content.ToArray();
            Assert.Equal((file.Length, file.Sha256), (contents[file.Name].LongLength, Convert.ToHexStringLower(SHA256.HashData(contents[file.Name]))));
        }

        var insights = ReidJson.Read<ReportInsights>(contents[RunFileName.Insights]);
        Assert.Equal(report.Settings.Select(setting => setting.Queries), insights.Settings.Select(setting => setting.Queries.Count));
        Assert.Equal(ReportPage.Write(report, insights), Encoding.UTF8.GetString(contents[RunFileName.ReportPage]));
        Assert.Equal(ReportText.Write(report, insights), Encoding.UTF8.GetString(contents[RunFileName.ReportText]));
        Assert.Equal(ReportTable.Write(report, insights), Encoding.UTF8.GetString(contents[RunFileName.ReportTable]));
    }

    [Fact]
    public async Task A_spec_that_the_data_cannot_serve_fails_with_its_path()
    {
        var (system, run) = await StartAsync(Spec with { Sampling = new SamplingSpec(Identities: 7) });

        await system.Runner.TakeOneAsync(RunnerSystem.Patience, CancellationToken.None);

        Assert.StartsWith("$.sampling.identities: must be at most 6", (await system.StatusAsync(run)).Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nudges_without_a_run_to_take_are_dropped()
    {
        var (system, run) = await StartAsync(Spec);
        await using (await system.Store.ClaimAsync(run, CancellationToken.None))
        {
            await system.Storage.Queue.SendMessageAsync("hello");
            Assert.True(await system.Runner.TakeOneAsync(RunnerSystem.Patience, CancellationToken.None));
            Assert.True(await system.Runner.TakeOneAsync(RunnerSystem.Patience, CancellationToken.None));
        }

        Assert.Equal(0, (await system.Storage.Queue.GetPropertiesAsync()).Value.ApproximateMessagesCount);
        Assert.Equal(0, (await system.StatusAsync(run)).Attempt);
        Assert.Contains("put the message 'hello' aside: it names no run", system.Log.ToString(), StringComparison.Ordinal);
    }

    private async Task<(RunnerSystem System, RunId Run)> StartAsync(RunSpec spec)
    {
        var system = await RunnerSystem.CreateAsync(azurite);
        await TinyDataset.CommitAsync(system.Storage, TinyDataset.Zip());
        return (system, await system.SubmitAsync(spec));
    }

    [Fact]
    public async Task A_nudge_that_names_no_run_or_one_that_cannot_be_read_is_put_aside_and_the_next_is_taken()
    {
        var system = await RunnerSystem.CreateAsync(azurite);
        var damaged = await system.SubmitAsync(StorageSystem.Teacher);
        var unknown = RunId.Of(StorageSystem.Teacher with { Repeat = 1 });
        await system.Storage.Runs.GetBlobClient(RunPaths.Status(damaged)).UploadAsync(BinaryData.FromString("?"), overwrite: true);
        await system.Storage.Queue.SendMessageAsync("no run\n12:00:00 forged line \u202e");
        await system.Queue.SendAsync(unknown, RunPriority.Normal, default);

        for (var i = 0; i < 3; i++)
        {
            Assert.True(await system.Runner.TakeOneAsync(RunnerSystem.Patience, default));
        }

        Assert.False(await system.Runner.TakeOneAsync(TimeSpan.Zero, default), "all are off the queue");
        var letters = (await system.Store.ListDeadLettersAsync(null, 10, default)).DeadLetters;
        Assert.Equal(
            new HashSet<(FailureCause, string)> { (FailureCause.BadSpec, $"{unknown}"), (FailureCause.BadSpec, "no run?12:00:00 forged line ?"), (FailureCause.BadData, $"{damaged}") },
            [.. letters.Select(letter => (letter.Cause, letter.Nudge!))]);
        Assert.Contains(letters, letter => letter.Message.Contains($"runs/{damaged}/status.json", StringComparison.Ordinal));
        Assert.DoesNotContain("\n12:00:00 forged", system.Log.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("\u202e", system.Log.ToString(), StringComparison.Ordinal);
    }

    private static async Task<IEnumerable<string>> CheckpointsAsync(RunnerSystem system, RunId run)
    {
        var checkpoints = new List<string>();
        await foreach (var blob in system.Storage.Runs.GetBlobsAsync(prefix: RunPaths.AllAttempts(run)))
        {
            if (blob.Name.EndsWith(".safetensors", StringComparison.Ordinal))
            {
                checkpoints.Add(blob.Name);
            }
        }

        return checkpoints.Order();
    }
}
