using ReidCloud.Runs;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Shared.Runs;

/// <summary>A submission that is cut off after any of its writes: what then is there, and who completes it.</summary>
public sealed class SubmissionTests(AzuriteFixture azurite) : IAsyncLifetime
{
    /// <summary>Spec, marker, status; place in the list and nudge, which go at once.</summary>
    private const int Writes = 5;
    private StorageSystem? _system;
    private FaultyStorage? _proxy;
    private RunId _teacher;

    private StorageSystem System => _system!;

    private FaultyStorage Proxy => _proxy!;

    public async ValueTask InitializeAsync()
    {
        _proxy = await FaultyStorage.StartAsync(azurite);
        _system = await StorageSystem.CreateAsync(azurite);
        _teacher = await System.SubmitAsync(StorageSystem.Teacher);
        await System.NudgesAsync();
    }

    public ValueTask DisposeAsync() => Proxy.DisposeAsync();

    [Fact]
    public async Task Costs_five_requests()
    {
        var before = Proxy.Requests;

        await Through().SubmitAsync(Spec(student: false), CancellationToken.None);

        Assert.Equal(Writes, Proxy.Requests - before);
    }

    /// <summary>
    /// The student writes one more, its name at its teacher; that and its marker go at once. It is not nudged. Of four writes the last is the place in the list,
    /// or else the nudge.
    /// </summary>
    public static TheoryData<bool, int, bool> Cuts =>
        [.. Enumerable.Range(0, Writes + 1).SelectMany(writes => new[] { (false, writes, true), (true, writes, true) }), (false, Writes - 1, false)];

    [Theory]
    [MemberData(nameof(Cuts))]
    public async Task Is_completed_by_the_next(bool student, int writes, bool listed)
    {
        var spec = Spec(student);
        await CutAsync(spec, writes, listed);

        var again = await System.Store.SubmitAsync(spec, CancellationToken.None);

        Assert.Equal(RunId.Of(spec), again.Run);

        // Where only the nudge is missing a second submission sees nothing; that is for the sweep.
        await RequireCompleteAsync(spec, student, nudged: writes != Writes - 1 || !listed);
    }

    [Theory]
    [MemberData(nameof(Cuts))]
    public async Task Is_completed_by_the_sweep_unless_nothing_of_it_can_be_seen(bool student, int writes, bool listed)
    {
        var spec = Spec(student);
        await CutAsync(spec, writes, listed);
        System.Clock.Advance(TimeProvider.System.GetUtcNow() - System.Clock.GetUtcNow() + TimeSpan.FromHours(1));

        await System.Stalled.SweepAsync(CancellationToken.None);

        if (await System.Store.GetStatusAsync(RunId.Of(spec), CancellationToken.None) is null)
        {
            // Nothing, the spec alone, or of a student its name at the teacher beside it.
            Assert.InRange(writes, 0, student ? 2 : 1);
            Assert.Equal([_teacher], await ListedAsync());
            await System.Store.SubmitAsync(spec, CancellationToken.None);
        }

        await RequireCompleteAsync(spec, student, nudged: true);
    }

    /// <summary>By who follows the nudge, or calls the run off: both before they change anything.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_run_is_listed_by_whoever_changes_it_first(bool claimed)
    {
        var spec = Spec(student: false);
        await CutAsync(spec, Writes - 1, listed: false);
        var run = RunId.Of(spec);
        Assert.Equal([_teacher], await ListedAsync());

        await (claimed ? System.FinishAsync(run, RunState.Succeeded) : System.Store.RequestCancelAsync(run, CancellationToken.None));

        Assert.Equal(new[] { _teacher, run }.ToHashSet(), [.. await ListedAsync()]);
    }

    private static TrainSpec SpecOf(RunId teacher, bool student) => student ? StorageSystem.StudentOf(teacher) : StorageSystem.Teacher with { Repeat = 1 };

    private TrainSpec Spec(bool student) => SpecOf(_teacher, student);

    /// <summary>The same system, each request through the proxy.</summary>
    private RunStore Through()
    {
        var storage = new StorageAccess(Proxy.Through(System.Storage.Options));
        return new RunStore(storage, RunQueues.Create(storage), System.Clock);
    }

    /// <summary>The submitter dies when it has written so often; nothing more of it reaches the storage.</summary>
    /// <param name="listed">Of the place in the list and the nudge, if only one of them is written.</param>
    private async Task CutAsync(RunSpec spec, int writes, bool listed)
    {
        var begun = 0;
        var chosen = writes == Writes - 1 && !spec.ParentRuns.Any();
        using var death = new CancellationTokenSource();
        using var other = new ManualResetEventSlim(!chosen);
        using var rest = Proxy.Set(StorageFault.Cut, request => request.IsWrite && IsOver(request, Volatile.Read(ref begun)));
        using var done = Proxy.WhenDone(request => chosen && IsPlace(request) == listed && IsAtTheEnd(request), _ => other.Set());
        using var rule = Proxy.When(
            request => request.IsWrite && IsOver(request, chosen && IsAtTheEnd(request) ? 0 : Interlocked.Increment(ref begun)),
            _ =>
            {
                other.Wait();
                death.Cancel();
            },
            StorageFault.Cut);
        try
        {
            await Through().SubmitAsync(spec, death.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.True(rule.Met.IsCompleted);
        }

        bool IsOver(StorageRequest request, int count) => chosen && IsAtTheEnd(request) ? IsPlace(request) != listed : count > writes;
    }

    private static bool IsPlace(StorageRequest request) => request.Blob.StartsWith(RunPaths.AllSubmitted, StringComparison.Ordinal);

    private static bool IsAtTheEnd(StorageRequest request) => request.IsWrite && (request.IsQueue || IsPlace(request));

    private async Task RequireCompleteAsync(RunSpec spec, bool student, bool nudged)
    {
        var run = RunId.Of(spec);
        Assert.Equal(student ? RunState.Waiting : RunState.Queued, (await System.StatusAsync(run)).State);
        Assert.Equal(new[] { _teacher, run }.ToHashSet(), [.. await ListedAsync()]);
        Assert.True(await System.Storage.Index.GetBlobClient(RunPaths.Open(run)).ExistsAsync());
        var nudges = await System.NudgesAsync();
        if (!student)
        {
            Assert.Equal(nudged, nudges.Contains(run));
            return;
        }

        await System.FinishAsync(_teacher, RunState.Succeeded);
        Assert.Equal(RunState.Queued, (await System.StatusAsync(run)).State);
        Assert.Equal([run], await System.NudgesAsync());
    }

    private async Task<IReadOnlyList<RunId>> ListedAsync() =>
        [.. (await System.Store.ListAsync(null, null, 10, CancellationToken.None)).Runs.Select(run => run.Id)];
}
