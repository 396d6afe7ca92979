using ReidCloud.Reports;
using ReidCloud.Runs;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Shared.Runs;

/// <summary>What the list's entries hold is what the statuses say, whatever was done and whoever came in between.</summary>
public sealed class RunListTests(AzuriteFixture azurite)
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Says_of_every_run_what_its_status_says_whatever_was_done(int seed)
    {
        var system = await StorageSystem.CreateAsync(azurite);
        var random = new Random(seed);
        var specs = new List<TrainSpec>();
        for (var step = 0; step < 40; step++)
        {
            await DoAsync(system, random, specs);

            foreach (var listed in await ListAsync(system))
            {
                Assert.Equal(ReidJson.Write(await system.StatusAsync(listed.Id)), ReidJson.Write(listed.Status));
            }
        }

        Assert.Equal(specs.Count, (await ListAsync(system)).Count);
    }

    [Fact]
    public async Task Only_runs_that_are_worked_on_are_read_one_by_one()
    {
        await using var proxy = await FaultyStorage.StartAsync(azurite);
        var system = await StorageSystem.CreateAsync(azurite);
        var runs = new List<RunId>();
        for (var repeat = 0; repeat < 4; repeat++)
        {
            runs.Add(await system.SubmitAsync(StorageSystem.Teacher with { Repeat = repeat }));
        }

        await system.FinishAsync(runs[0], RunState.Succeeded);
        await system.FinishAsync(runs[1], RunState.Failed);
        await using var lease = (await system.Store.ClaimAsync(runs[2], CancellationToken.None))!;
        var shown = await StorageSystem.CreateAsync(proxy.Through(system.Storage.Options));
        await ListAsync(shown);
        var before = proxy.Requests;

        var states = (await ListAsync(shown)).ToDictionary(run => run.Id, run => run.Status.State);

        Assert.Equal(1 + 1, proxy.Requests - before);
        Assert.Equal([RunState.Succeeded, RunState.Failed, RunState.Queued, RunState.Queued], runs.Select(run => states[run]));
    }

    /// <summary>It comes when the run's end has been read and the entry not yet been looked at, or not yet been written.</summary>
    [Theory]
    [InlineData("HEAD")]
    [InlineData("PUT")]
    public async Task A_retry_in_the_middle_of_a_runs_end_is_not_overlooked(string before)
    {
        await using var proxy = await FaultyStorage.StartAsync(azurite);
        var system = await StorageSystem.CreateAsync(azurite);
        var run = await system.SubmitAsync(StorageSystem.Teacher);
        await system.FinishAsync(run, RunState.Failed);

        // As a death before the marker's removal leaves it.
        await system.Storage.Index.GetBlobClient(RunPaths.Open(run)).UploadAsync(BinaryData.FromString(""));
        var through = await StorageSystem.CreateAsync(proxy.Through(system.Storage.Options));
        using var rule = proxy.When(
            request => request.Method == before && request.Blob.StartsWith(RunPaths.AllSubmitted, StringComparison.Ordinal),
            _ => system.Store.RetryAsync(run, RetryFrom.Checkpoint, CancellationToken.None).GetAwaiter().GetResult());

        await through.Store.ReleaseDependentsAsync(run, CancellationToken.None);

        Assert.True(rule.Met.IsCompleted);
        Assert.Equal(RunState.Queued, Assert.Single(await ListAsync(system)).Status.State);
    }

    [Theory]
    [InlineData("Zeichen, die kein Kopf trägt: 漢\n\"", 1)]
    [InlineData("x", 40_000)]
    public async Task Shows_a_failure_that_an_entry_cannot_hold_as_it_is(string detail, int times)
    {
        var system = await StorageSystem.CreateAsync(azurite);
        var run = await system.SubmitAsync(StorageSystem.Teacher);
        var failure = new RunFailure(FailureCause.BadData, "the data set", string.Concat(Enumerable.Repeat(detail, times)));
        await using (var lease = (await system.Store.ClaimAsync(run, CancellationToken.None))!)
        {
            await system.Store.FinishAsync(lease, lease.Status with { State = RunState.Failed, Failure = failure }, CancellationToken.None);
        }

        Assert.Equal(failure, Assert.Single(await ListAsync(system)).Status.Failure);
    }

    /// <summary>An entry that another version wrote is none.</summary>
    [Fact]
    public async Task Reads_the_status_where_an_entry_cannot_be_read()
    {
        var system = await StorageSystem.CreateAsync(azurite);
        var run = await system.SubmitAsync(StorageSystem.Teacher);
        var entry = system.Storage.Index.GetBlobClient(RunPaths.Submitted((await system.StatusAsync(run)).SubmittedAt, run));
        await entry.SetMetadataAsync(new Dictionary<string, string> { ["status"] = """{"state":"dreaming"}""" });

        Assert.Equal(RunState.Queued, Assert.Single(await ListAsync(system)).Status.State);
    }

    private static async Task<IReadOnlyList<RunSummary>> ListAsync(StorageSystem system) =>
        (await system.Store.ListAsync(null, null, 100, CancellationToken.None)).Runs;

    /// <summary>Something that people or runners do to a run.</summary>
    private static async Task DoAsync(StorageSystem system, Random random, List<TrainSpec> specs)
    {
        var act = specs.Count == 0 ? 0 : random.Next(9);
        if (act < 2)
        {
            var parent = specs.Count == 0 ? null : specs[random.Next(specs.Count)];
            var spec = act == 0 || parent is null
                ? StorageSystem.Teacher with { Repeat = specs.Count }
                : StorageSystem.StudentOf(RunId.Of(parent), repeat: specs.Count);
            specs.Add(spec);
            await system.SubmitAsync(spec);
            return;
        }

        var chosen = specs[random.Next(specs.Count)];
        var run = RunId.Of(chosen);
        switch (act)
        {
            case 2:
                await system.Store.RequestCancelAsync(run, CancellationToken.None);
                return;
            case 3:
                await system.Store.SubmitAsync(chosen, random.Next(2) == 0 ? RunPriority.High : RunPriority.Normal, CancellationToken.None);
                return;
            case 4 when (await system.StatusAsync(run)).State is RunState.Failed or RunState.Cancelled:
                try
                {
                    await system.Store.RetryAsync(run, RetryFrom.Checkpoint, CancellationToken.None);
                }
                catch (RunConflictException)
                {
                    // A run that it builds on has to be tried again first.
                }

                return;
        }

        await using var lease = await system.Store.ClaimAsync(run, CancellationToken.None);
        switch (act)
        {
            case > 5 when lease is not null:
                await system.Store.FinishAsync(lease, lease.Status with { State = (RunState)random.Next((int)RunState.Succeeded, 1 + (int)RunState.Cancelled) }, CancellationToken.None);
                break;
            case 5 when lease is not null:
                await lease.WriteAsync(lease.Status.Begun("runner", 0, system.Clock.GetUtcNow()), CancellationToken.None);
                await system.Store.HandBackAsync(lease, lease.Status, CancellationToken.None);
                break;
        }
    }
}
