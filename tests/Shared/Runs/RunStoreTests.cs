using System.Text;
using ReidCloud.Reports;
using ReidCloud.Runs;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Shared.Runs;

public sealed class RunStoreTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task Keeps_what_was_asked_for_and_nudges_a_runner()
    {
        var system = await StorageSystem.CreateAsync(azurite);

        var submission = await system.Store.SubmitAsync(StorageSystem.Teacher, CancellationToken.None);

        Assert.True(submission.Created);
        var stored = await system.Store.GetSpecAsync(submission.Run, CancellationToken.None);
        Assert.Equal(ReidJson.Canonical(StorageSystem.Teacher), ReidJson.Canonical(stored!));
        Assert.Equal(RunState.Queued, (await system.StatusAsync(submission.Run)).State);
        Assert.Equal([submission.Run], await system.NudgesAsync());
    }

    [Fact]
    public async Task Finds_the_same_run_when_the_same_is_asked_for_again()
    {
        var system = await StorageSystem.CreateAsync(azurite);
        var first = await system.Store.SubmitAsync(StorageSystem.Teacher, CancellationToken.None);

        var second = await system.Store.SubmitAsync(StorageSystem.Teacher with { }, CancellationToken.None);
        var other = await system.Store.SubmitAsync(StorageSystem.Teacher with { Repeat = 1 }, CancellationToken.None);

        Assert.Equal((first.Run, false, RunState.Queued), (second.Run, second.Created, second.Status.State));
        Assert.True(other.Created);
        Assert.NotEqual(first.Run, other.Run);
        Assert.Equal([first.Run, other.Run], await system.NudgesAsync());
    }

    [Fact]
    public async Task Makes_one_run_of_many_submissions_at_once()
    {
        var system = await StorageSystem.CreateAsync(azurite);

        var submissions = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => system.Store.SubmitAsync(StorageSystem.Teacher, CancellationToken.None)));

        Assert.Single(submissions, submission => submission.Created);
        Assert.Single((await system.NudgesAsync()).Distinct());
        Assert.Single((await system.Store.ListAsync(null, null, 10, CancellationToken.None)).Runs);
    }

    [Fact]
    public async Task Lets_a_student_wait_until_its_teacher_has_succeeded()
    {
        var system = await StorageSystem.CreateAsync(azurite);
        var teacher = await system.SubmitAsync(StorageSystem.Teacher);
        var student = await system.SubmitAsync(StorageSystem.StudentOf(teacher));
        Assert.Equal(RunState.Waiting, (await system.StatusAsync(student)).State);
        Assert.Equal([teacher], await system.NudgesAsync());
        Assert.Null(await system.Store.ClaimAsync(student, CancellationToken.None));

        await system.FinishAsync(teacher, RunState.Succeeded);

        Assert.Equal(RunState.Queued, (await system.StatusAsync(student)).State);
        Assert.Equal([student], await system.NudgesAsync());
    }

    [Theory]
    [InlineData(RunState.Succeeded, RunState.Queued)]
    [InlineData(RunState.Failed, RunState.Failed)]
    public async Task A_damaged_student_keeps_neither_its_teacher_nor_other_students_from_going_on(RunState end, RunState then)
    {
        var system = await StorageSystem.CreateAsync(azurite);
        var teacher = await system.SubmitAsync(StorageSystem.Teacher);
        RunId[] students = [await system.SubmitAsync(StorageSystem.StudentOf(teacher)), await system.SubmitAsync(StorageSystem.StudentOf(teacher, repeat: 1))];
        students = [.. students.OrderBy(student => student.ToString(), StringComparer.Ordinal)];
        await system.Storage.Runs.GetBlobClient(RunPaths.Status(students[0])).UploadAsync(BinaryData.FromString("?"), overwrite: true);

        await system.FinishAsync(teacher, end);

        Assert.Equal(then, (await system.StatusAsync(students[1])).State);
        Assert.False(await system.Storage.Index.GetBlobClient(RunPaths.Open(teacher)).ExistsAsync());
        var letters = (await system.Store.ListDeadLettersAsync(null, 10, CancellationToken.None)).DeadLetters;
        var damaged = Assert.Single(letters, letter => letter.Nudge is not null);
        Assert.Equal(($"{students[0]}", FailureCause.BadData), (damaged.Nudge, damaged.Cause));
        Assert.Contains($"{students[0]}/status.json", damaged.Message, StringComparison.Ordinal);
        Assert.Equal(end == RunState.Failed, letters.Any(letter => letter.Run == teacher));
    }

    [Fact]
    public async Task Queues_a_student_at_once_when_its_teacher_has_succeeded_before()
    {
        var system = await StorageSystem.CreateAsync(azurite);
        var teacher = await system.SubmitAsync(StorageSystem.Teacher);
        await system.FinishAsync(teacher, RunState.Succeeded);

        var student = await system.SubmitAsync(StorageSystem.StudentOf(teacher));

        Assert.Equal(RunState.Queued, (await system.StatusAsync(student)).State);
        Assert.Equal([teacher, student], await system.NudgesAsync());
    }

    [Theory]
    [InlineData(RunState.Failed, "failed")]
    [InlineData(RunState.Cancelled, "was cancelled")]
    public async Task Fails_all_that_build_on_a_run_that_did_not_succeed(RunState state, string fate)
    {
        var system = await StorageSystem.CreateAsync(azurite);
        var teacher = await system.SubmitAsync(StorageSystem.Teacher);
        var student = await system.SubmitAsync(StorageSystem.StudentOf(teacher));
        var grandchild = await system.SubmitAsync(StorageSystem.StudentOf(student));
        var sibling = await system.SubmitAsync(StorageSystem.StudentOf(teacher, repeat: 1));

        await system.FinishAsync(teacher, state);
        var late = await system.SubmitAsync(StorageSystem.StudentOf(teacher, repeat: 2));

        foreach (var run in (RunId[])[student, sibling, late])
        {
            var status = await system.StatusAsync(run);
            Assert.Equal(RunState.Failed, status.State);
            Assert.Equal($"run {teacher}, whose checkpoint it needs ($.method.teacher), {fate}", status.Failure!.Message);
        }

        var last = await system.StatusAsync(grandchild);
        Assert.Equal(RunState.Failed, last.State);
        Assert.Contains($"run {student}", last.Failure!.Message, StringComparison.Ordinal);
        Assert.Equal([teacher], await system.NudgesAsync());
    }

    [Fact]
    public async Task Loses_no_student_whose_teacher_finishes_while_it_is_submitted()
    {
        var system = await StorageSystem.CreateAsync(azurite);
        for (var round = 0; round < 8; round++)
        {
            var teacher = await system.SubmitAsync(StorageSystem.Teacher with { Repeat = round });

            var submitted = Task.Run(() => system.SubmitAsync(StorageSystem.StudentOf(teacher)));
            var finished = Task.Run(() => system.FinishAsync(teacher, RunState.Succeeded));
            await Task.WhenAll(submitted, finished);

            var student = await submitted;
            Assert.Equal(RunState.Queued, (await system.StatusAsync(student)).State);
            Assert.Contains(student, await system.NudgesAsync());
        }
    }

    [Fact]
    public async Task Refuses_a_teacher_that_does_not_exist()
    {
        var system = await StorageSystem.CreateAsync(azurite);
        var nobody = RunId.Parse("00000000000000000000");

        var refusal = await Assert.ThrowsAsync<SpecException>(() => system.SubmitAsync(StorageSystem.StudentOf(nobody)));

        Assert.Equal(new SpecError("$.method.teacher.run", $"there is no run {nobody}; submit it first"), Assert.Single(refusal.Errors));
        Assert.Empty((await system.Store.ListAsync(null, null, 10, CancellationToken.None)).Runs);
    }

    [Fact]
    public async Task Refuses_the_checkpoint_of_a_run_that_trains_nothing()
    {
        var system = await StorageSystem.CreateAsync(azurite);
        var teacher = await system.SubmitAsync(StorageSystem.Teacher);
        var evaluation = await system.SubmitAsync(new EvaluateSpec("market", new CheckpointRef(teacher.ToString())));

        var refusal = await Assert.ThrowsAsync<SpecException>(
            () => system.SubmitAsync(new EvaluateSpec("market", new CheckpointRef(evaluation.ToString()))));

        Assert.Equal("$.checkpoint.run", Assert.Single(refusal.Errors).Path);
    }

    [Fact]
    public async Task Cancels_a_run_that_nobody_has_begun()
    {
        var system = await StorageSystem.CreateAsync(azurite);
        var teacher = await system.SubmitAsync(StorageSystem.Teacher);
        var student = await system.SubmitAsync(StorageSystem.StudentOf(teacher));

        var status = await system.Store.RequestCancelAsync(teacher, CancellationToken.None);

        Assert.Equal(RunState.Cancelled, status!.State);
        Assert.Equal(RunState.Cancelled, (await system.StatusAsync(teacher)).State);
        Assert.Equal(RunState.Failed, (await system.StatusAsync(student)).State);
        Assert.Null(await system.Store.ClaimAsync(teacher, CancellationToken.None));
    }

    [Fact]
    public async Task Cancels_a_run_that_waits_without_touching_what_it_waits_for()
    {
        var system = await StorageSystem.CreateAsync(azurite);
        var teacher = await system.SubmitAsync(StorageSystem.Teacher);
        var student = await system.SubmitAsync(StorageSystem.StudentOf(teacher));

        await system.Store.RequestCancelAsync(student, CancellationToken.None);
        await system.FinishAsync(teacher, RunState.Succeeded);

        Assert.Equal(RunState.Cancelled, (await system.StatusAsync(student)).State);
        Assert.Equal(RunState.Succeeded, (await system.StatusAsync(teacher)).State);
    }

    [Fact]
    public async Task Asks_the_owner_to_stop_a_run_that_runs()
    {
        var system = await StorageSystem.CreateAsync(azurite);
        var run = await system.SubmitAsync(StorageSystem.Teacher);
        await using var lease = (await system.Store.ClaimAsync(run, CancellationToken.None))!;
        await lease.WriteAsync(lease.Status with { State = RunState.Running }, CancellationToken.None);
        Assert.False(await system.Store.IsCancelRequestedAsync(run, CancellationToken.None));

        var status = await system.Store.RequestCancelAsync(run, CancellationToken.None);

        Assert.Equal(RunState.Running, status!.State);
        Assert.True(await system.Store.IsCancelRequestedAsync(run, CancellationToken.None));
    }

    [Fact]
    public async Task Leaves_a_final_run_as_it_is_when_asked_to_cancel_it()
    {
        var system = await StorageSystem.CreateAsync(azurite);
        var run = await system.SubmitAsync(StorageSystem.Teacher);
        await system.FinishAsync(run, RunState.Succeeded);

        Assert.Equal(RunState.Succeeded, (await system.Store.RequestCancelAsync(run, CancellationToken.None))!.State);
        Assert.False(await system.Store.IsCancelRequestedAsync(run, CancellationToken.None));
        Assert.Null(await system.Store.RequestCancelAsync(RunId.Parse("00000000000000000000"), CancellationToken.None));
    }

    [Fact]
    public async Task Does_not_end_a_run_that_its_owner_has_lost()
    {
        var system = await StorageSystem.CreateAsync(azurite);
        var teacher = await system.SubmitAsync(StorageSystem.Teacher);
        var student = await system.SubmitAsync(StorageSystem.StudentOf(teacher));
        await using var loser = (await system.Store.ClaimAsync(teacher, CancellationToken.None))!;
        await RunLease.BreakAsync(system.Storage, teacher, CancellationToken.None);

        await Assert.ThrowsAsync<LeaseLostException>(
            () => system.Store.FinishAsync(loser, loser.Status with { State = RunState.Succeeded }, CancellationToken.None));

        Assert.Equal(RunState.Queued, (await system.StatusAsync(teacher)).State);
        Assert.Equal(RunState.Waiting, (await system.StatusAsync(student)).State);
    }

    [Fact]
    public async Task Gives_a_run_back_for_the_next_runner()
    {
        var system = await StorageSystem.CreateAsync(azurite);
        var run = await system.SubmitAsync(StorageSystem.Teacher);
        await system.NudgesAsync();
        await using var lease = (await system.Store.ClaimAsync(run, CancellationToken.None))!;
        var checkpoint = new CheckpointPointer("some/blob", "hash", 3, 0);

        await system.Store.HandBackAsync(lease, lease.Status with { State = RunState.Running, Attempt = 1, Checkpoint = checkpoint }, CancellationToken.None);

        Assert.Equal([run], await system.NudgesAsync());
        await using var next = await system.Store.ClaimAsync(run, CancellationToken.None);
        Assert.Equal(RunState.Queued, next!.Status.State);
        Assert.Equal(checkpoint, next.Status.Checkpoint);
    }

    [Fact]
    public async Task Lists_newest_first_by_pages_and_by_state()
    {
        var system = await StorageSystem.CreateAsync(azurite);
        var runs = new List<RunId>();
        for (var i = 0; i < 5; i++)
        {
            runs.Insert(0, await system.SubmitAsync(StorageSystem.Teacher with { Repeat = i }));
            system.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        await system.FinishAsync(runs[1], RunState.Succeeded);
        await system.FinishAsync(runs[4], RunState.Succeeded);

        var all = await PagesAsync(system, null, 2);
        var succeeded = await PagesAsync(system, RunState.Succeeded, 1);

        Assert.Equal([[runs[0], runs[1]], [runs[2], runs[3]], [runs[4]]], all);
        Assert.Equal([runs[1], runs[4]], succeeded.SelectMany(page => page));
        Assert.All(succeeded, page => Assert.True(page.Count <= 1));
    }

    [Fact]
    public async Task Keeps_what_an_attempt_writes_once_and_says_its_hash()
    {
        var system = await StorageSystem.CreateAsync(azurite);
        var blob = RunPaths.Checkpoint(RunId.Of(StorageSystem.Teacher), 1, 2, 3);
        var content = Encoding.UTF8.GetBytes("abc");

        var hash = await system.Store.PutAttemptBlobAsync(blob, content, CancellationToken.None);

        Assert.Equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", hash);
        Assert.Equal(hash, await system.Store.PutAttemptBlobAsync(blob, content, CancellationToken.None));
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => system.Store.PutAttemptBlobAsync(blob, Encoding.UTF8.GetBytes("abd"), CancellationToken.None));
        await using var stored = await system.Store.OpenBlobAsync(blob, CancellationToken.None);
        Assert.Equal("abc", await new StreamReader(stored).ReadToEndAsync());
    }

    [Fact]
    public async Task Hands_out_a_checkpoint_only_if_it_is_the_published_one()
    {
        var system = await StorageSystem.CreateAsync(azurite);
        var blob = RunPaths.Checkpoint(RunId.Of(StorageSystem.Teacher), 1, 0, 0);
        var hash = await system.Store.PutAttemptBlobAsync(blob, Encoding.UTF8.GetBytes("weights"), CancellationToken.None);
        var file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

        await system.Store.DownloadAsync(new CheckpointPointer(blob, hash, 0, 0), file, CancellationToken.None);
        Assert.Equal("weights", await File.ReadAllTextAsync(file));
        var damage = await Assert.ThrowsAsync<InvalidDataException>(
            () => system.Store.DownloadAsync(new CheckpointPointer(blob, new string('0', 64), 0, 0), file, CancellationToken.None));

        Assert.Contains(blob, damage.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(file));
    }

    [Fact]
    public async Task Shows_the_report_that_the_status_points_at()
    {
        var system = await StorageSystem.CreateAsync(azurite);
        var run = await system.SubmitAsync(StorageSystem.Teacher);
        var report = new MetricReport(
            run.ToString(), StorageSystem.Teacher, [],
            new Lineage("hash", [], "sha", "1", "2.10", "cpu", 2, "here", ".NET"), new RunCost(1, 2, 3));
        await system.Store.PutAttemptBlobAsync(RunPaths.Report(run, 1), ReidJson.Write(report), CancellationToken.None);
        Assert.Null(await system.Store.OpenReportAsync(run, CancellationToken.None));

        await using var lease = (await system.Store.ClaimAsync(run, CancellationToken.None))!;
        var succeeded = lease.Status with { State = RunState.Succeeded, Report = RunPaths.Report(run, 1) };
        await system.Store.FinishAsync(lease, succeeded, CancellationToken.None);

        await using var stored = await system.Store.OpenReportAsync(run, CancellationToken.None);
        Assert.Equal(Encoding.UTF8.GetString(ReidJson.Write(report)), await new StreamReader(stored!).ReadToEndAsync());
        Assert.Equal(report.Lineage.DatasetHash, (await system.Store.GetReportAsync(run, CancellationToken.None))!.Lineage.DatasetHash);
    }

    [Fact]
    public async Task Names_the_blob_that_is_damaged()
    {
        var system = await StorageSystem.CreateAsync(azurite);
        var run = await system.SubmitAsync(StorageSystem.Teacher);
        await system.Storage.Runs.GetBlobClient(RunPaths.Status(run)).UploadAsync(BinaryData.FromString("{"), overwrite: true);

        var damage = await Assert.ThrowsAsync<InvalidDataException>(() => system.StatusAsync(run));

        Assert.Contains($"runs/{run}/status.json", damage.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData((16 << 20) + 1, "is longer than 16777216 bytes")]
    [InlineData(0, "is empty")]
    public async Task Reads_no_blob_that_is_longer_than_any_of_its_kind(int length, string fault)
    {
        var system = await StorageSystem.CreateAsync(azurite);
        var run = await system.SubmitAsync(StorageSystem.Teacher);
        await system.Storage.Runs.GetBlobClient(RunPaths.Status(run)).UploadAsync(BinaryData.FromBytes(new byte[length]), overwrite: true);

        var damage = await Assert.ThrowsAsync<InvalidDataException>(() => system.StatusAsync(run));

        Assert.Contains($"status.json' is damaged: it {fault}", damage.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Finds_the_few_in_a_state_among_many_and_passes_over_none_where_they_are_dense()
    {
        var system = await StorageSystem.CreateAsync(azurite);
        var failed = new List<RunId>();
        for (var i = 0; i < 60; i++)
        {
            system.Clock.Advance(TimeSpan.FromSeconds(1));
            var run = await system.SubmitAsync(StorageSystem.Teacher with { Repeat = i });
            if (i is 2 or (>= 10 and < 36))
            {
                await system.FinishAsync(run, RunState.Failed);
                failed.Insert(0, run);
            }
        }

        var pages = await PagesAsync(system, RunState.Failed, 5);

        Assert.Equal(failed, pages.SelectMany(page => page));
        Assert.All(pages, page => Assert.InRange(page.Count, 0, 5));
    }

    private static async Task<List<IReadOnlyList<RunId>>> PagesAsync(StorageSystem system, RunState? state, int size)
    {
        var pages = new List<IReadOnlyList<RunId>>();
        string? continuation = null;
        do
        {
            var page = await system.Store.ListAsync(state, continuation, size, CancellationToken.None);
            pages.Add([.. page.Runs.Select(run => run.Id)]);
            continuation = page.Continuation;
        }
        while (continuation is not null);
        return pages;
    }
}
