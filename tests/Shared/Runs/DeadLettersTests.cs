using ReidCloud.Reports;
using ReidCloud.Runs;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Shared.Runs;

public sealed class DeadLettersTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task A_run_that_failed_is_there_with_its_cause_its_evidence_and_what_to_do()
    {
        var system = await StorageSystem.CreateAsync(azurite);
        var run = await system.SubmitAsync(StorageSystem.Teacher);
        var events = Enumerable.Range(1, 30).Select(step => new RunEvent(system.Clock.GetUtcNow(), RunEventKind.Step) { Step = step }).ToList();
        await system.Store.OpenEvents(run, 2).AppendAsync(events, default);
        await FailAsync(system, run, FailureCause.OutOfMemory);

        var letter = Assert.Single(await LettersAsync(system));

        Assert.Equal((run, FailureCause.OutOfMemory, "what", "the whole story", 2), (letter.Run, letter.Cause, letter.Message, letter.Detail, letter.Attempts));
        Assert.Equal(ReidJson.Canonical(StorageSystem.Teacher), ReidJson.Canonical(letter.Spec!));
        Assert.Equal(Enumerable.Range(21, 10), letter.LastEvents!.Select(told => told.Step!.Value));
        Assert.Equal($"reid retry {run}", letter.Command);
        Assert.Contains("more memory", letter.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_is_damaged_takes_no_other_away_and_is_told_itself()
    {
        var system = await StorageSystem.CreateAsync(azurite);
        var (whole, damaged) = (await system.SubmitAsync(StorageSystem.Teacher), await system.SubmitAsync(StorageSystem.Teacher with { Repeat = 1 }));
        await FailAsync(system, whole);
        await FailAsync(system, damaged);
        await system.Storage.Runs.GetBlobClient(RunPaths.Status(damaged)).UploadAsync(BinaryData.FromString("rust"), overwrite: true);

        var letters = (await LettersAsync(system)).ToDictionary(letter => letter.Run!.Value);

        Assert.Equal("what", letters[whole].Message);
        Assert.Equal(FailureCause.Fault, letters[damaged].Cause);
        Assert.Contains("status.json' is damaged", letters[damaged].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_try_takes_it_away_and_another_failure_brings_it_back_once()
    {
        var system = await StorageSystem.CreateAsync(azurite);
        var run = await system.SubmitAsync(StorageSystem.Teacher);
        await FailAsync(system, run);

        await system.Store.RetryAsync(run, RetryFrom.Checkpoint, default);
        Assert.Empty(await LettersAsync(system));
        system.Clock.Advance(TimeSpan.FromHours(1));
        await FailAsync(system, run);

        Assert.Equal(system.Clock.GetUtcNow(), Assert.Single(await LettersAsync(system)).At);
    }

    [Fact]
    public async Task A_name_that_a_retry_has_outlived_is_passed_over()
    {
        var system = await StorageSystem.CreateAsync(azurite);
        var run = await system.SubmitAsync(StorageSystem.Teacher);
        var leftover = system.Storage.Index.GetBlobClient(RunPaths.DeadRun(system.Clock.GetUtcNow(), run));
        await leftover.UploadAsync(BinaryData.FromString(""));

        Assert.Empty(await LettersAsync(system));
        Assert.False(await leftover.ExistsAsync());
    }

    [Fact]
    public async Task Who_failed_because_of_another_is_sent_to_that_one()
    {
        var system = await StorageSystem.CreateAsync(azurite);
        var teacher = await system.SubmitAsync(StorageSystem.Teacher);
        var student = await system.SubmitAsync(StorageSystem.StudentOf(teacher));
        await FailAsync(system, teacher);

        var letters = await LettersAsync(system);

        Assert.Equal([(teacher, FailureCause.Fault), (student, FailureCause.Parent)], letters.OrderBy(letter => letter.Cause == FailureCause.Parent).Select(letter => (letter.Run!.Value, letter.Cause)));
        Assert.All(letters, letter => Assert.Equal($"reid retry {teacher}", letter.Command));
        await system.Store.RetryAsync(teacher, RetryFrom.Checkpoint, default);
        Assert.Empty(await LettersAsync(system));
    }

    [Fact]
    public async Task They_come_newest_first_page_by_page()
    {
        var system = await StorageSystem.CreateAsync(azurite);
        var runs = new List<RunId>();
        for (var i = 0; i < 5; i++)
        {
            runs.Insert(0, await system.SubmitAsync(StorageSystem.Teacher with { Repeat = i }));
            await FailAsync(system, runs[0]);
            system.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        var first = await system.Store.ListDeadLettersAsync(null, 3, default);
        var second = await system.Store.ListDeadLettersAsync(first.Continuation, 3, default);

        Assert.Equal(runs, first.DeadLetters.Concat(second.DeadLetters).Select(letter => letter.Run!.Value));
        Assert.Null(second.Continuation);
    }

    [Fact]
    public async Task A_nudge_that_nobody_can_handle_is_kept_once_however_often_it_comes()
    {
        var system = await StorageSystem.CreateAsync(azurite);
        for (var i = 0; i < 3; i++)
        {
            await system.Storage.Queue.SendMessageAsync(i < 2 ? "not a run\u202e[31m" : new string('x', 5000));
            var nudge = (await system.Queue.ReceiveAsync(TimeSpan.Zero, default))!;
            await system.Store.PutAsideAsync(nudge, FailureCause.BadSpec, "it names no run", default);
            await nudge.CompleteAsync(default);
            system.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        var letters = await LettersAsync(system);

        Assert.Equal([$"{new string('x', 200)}…", "not a run?[31m"], letters.Select(letter => letter.Nudge));
        Assert.All(letters, letter => Assert.Equal((FailureCause.BadSpec, "it names no run", null), (letter.Cause, letter.Message, letter.Run)));
    }

    [Fact]
    public async Task A_failure_is_listed_once_wherever_the_process_dies_that_told_of_it()
    {
        await using var proxy = await FaultyStorage.StartAsync(azurite);
        for (var survived = 1; ; survived++)
        {
            var options = await azurite.NewSystemAsync();
            var system = await StorageSystem.CreateAsync(options);
            var dying = await StorageSystem.CreateAsync(proxy.Through(options));
            var teacher = await system.SubmitAsync(StorageSystem.Teacher);
            var student = await system.SubmitAsync(StorageSystem.StudentOf(teacher));
            await using var lease = (await dying.Store.ClaimAsync(teacher, default))!;
            var writes = 0;
            using var death = proxy.Set(StorageFault.Answer(403, "Dead"), request => request.IsWrite && request.LeaseAction is null && Interlocked.Increment(ref writes) > survived);
            var died = await Record.ExceptionAsync(() => dying.Store.FinishAsync(
                lease, lease.Status with { State = RunState.Failed, Failure = new RunFailure(FailureCause.Fault, "what", "the whole story") }, default)) is not null;
            death.Dispose();

            await system.Stalled.SweepAsync(default);

            Assert.Equal([student, teacher], (await LettersAsync(system)).Select(letter => letter.Run!.Value).OrderBy(run => run == teacher));
            if (!died)
            {
                Assert.True(survived > 3, $"only {survived} writes");
                break;
            }
        }
    }

    private static async Task FailAsync(StorageSystem system, RunId run, FailureCause cause = FailureCause.Fault)
    {
        await using var lease = (await system.Store.ClaimAsync(run, default))!;
        var now = system.Clock.GetUtcNow();
        await system.Store.FinishAsync(
            lease, lease.Status with { State = RunState.Failed, Attempt = 2, UpdatedAt = now, FinishedAt = now, Failure = new RunFailure(cause, "what", "the whole story") }, default);
    }

    private static async Task<IReadOnlyList<DeadLetter>> LettersAsync(StorageSystem system) => (await system.Store.ListDeadLettersAsync(null, 100, default)).DeadLetters;
}
