using ReidCloud.Runs;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Shared.Runs;

public sealed class KnownSpecsTests(AzuriteFixture azurite)
{
    /// <summary>A list, and of each run that is worked on its status.</summary>
    [Fact]
    public async Task A_page_that_is_shown_again_reads_no_spec_again()
    {
        await using var proxy = await FaultyStorage.StartAsync(azurite);
        var system = await StorageSystem.CreateAsync(azurite);
        RunId[] runs = [.. await Task.WhenAll(Enumerable.Range(0, 3).Select(repeat => system.SubmitAsync(StorageSystem.Teacher with { Repeat = repeat })))];
        var shown = await StorageSystem.CreateAsync(proxy.Through(system.Storage.Options));
        await using var lease = await system.Store.ClaimAsync(runs[1], CancellationToken.None);
        var first = await shown.Store.ListAsync(null, null, 10, CancellationToken.None);
        await system.FinishAsync(runs[0], RunState.Failed);
        var before = proxy.Requests;

        var again = await shown.Store.ListAsync(null, null, 10, CancellationToken.None);

        Assert.Equal(1 + 1, proxy.Requests - before);
        Assert.Equal(first.Runs.Select(run => (run.Id, run.Spec)), again.Runs.Select(run => (run.Id, run.Spec)));
        Assert.Equal(RunState.Failed, again.Runs.Single(run => run.Id == runs[0]).Status.State);
    }
}
