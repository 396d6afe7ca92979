using System.Diagnostics;
using ReidCloud.Runs;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.EndToEnd;

/// <summary>A run has one owner, and one report, ever.</summary>
[Collection(RunnersCollection.Name)]
public sealed class OneReportTests(AzuriteFixture azurite)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task A_runner_that_was_stopped_for_longer_than_its_lease_leaves_the_run_to_the_one_that_took_it()
    {
        await using var disturbed = await DisturbedRun.SubmitAsync(azurite);
        using var stopped = disturbed.Proxy.WhenDone(
            request => request.Publishes && request.Blob.EndsWith(".safetensors", StringComparison.Ordinal), _ => RunnerProcess.Signal(Owner(disturbed), "STOP"));
        using var loser = RunnerProcess.Start(disturbed.System.Options, "once");
        await stopped.Met.WaitAsync(Limit);
        await disturbed.LeaseRunsOutAsync();

        Assert.Equal(1, (await disturbed.SweepAsync()).Nudged);
        Assert.True(await disturbed.Direct.Runner.TakeOneAsync(RunnerSystem.Patience, CancellationToken.None));
        await disturbed.AssertUndisturbedAsync(azurite);
        var end = await disturbed.StatusAsync();
        Assert.Equal(2, end.Status.Attempt);

        loser.Signal("CONT");
        var goesOn = Stopwatch.GetTimestamp();
        await loser.WaitForExitAsync(new CancellationTokenSource(Limit).Token);

        Assert.Contains("nothing more is written", loser.ToString(), StringComparison.Ordinal);
        Assert.True(Stopwatch.GetElapsedTime(goesOn) < Limit / 4, "the loser stops within seconds");
        Assert.Equal(end.Version, (await disturbed.StatusAsync()).Version);
        await disturbed.AssertUndisturbedAsync(azurite);
        Assert.Single(await disturbed.BlobsAsync("attempt-1/end.json"));
    }

    /// <summary>The process that the run's status names.</summary>
    private static int Owner(DisturbedRun disturbed) =>
        int.Parse(disturbed.StatusAsync().GetAwaiter().GetResult().Status.Runner!.Split('/')[1], System.Globalization.CultureInfo.InvariantCulture);
}
