using System.Diagnostics;
using ReidCloud.Runs;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.EndToEnd;

/// <summary>
/// Runs on <see cref="TinyDataset"/> that one runner process after another works on, each through a proxy and each killed somewhere. Nobody waits for a lease
/// to run out: it is broken, and a sweep finds the run.
/// </summary>
internal sealed class KilledRuns : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    /// <summary>A runner may come too early: what a dead one had under way can still reach the storage and give it the run's lease for a while.</summary>
    private const int MostRunners = 10;

    /// <summary>What a runner says that has the run.</summary>
    private const string Claimed = "claimed";

    private readonly List<RunId> _runs = [];

    private KilledRuns(RunnerSystem system, FaultyStorage proxy) => (System, Proxy) = (system, proxy);

    /// <summary>Looks past the proxy.</summary>
    public RunnerSystem System { get; }

    public FaultyStorage Proxy { get; }

    public static async Task<KilledRuns> StartAsync(AzuriteFixture azurite)
    {
        var system = await RunnerSystem.CreateAsync(azurite);
        await TinyDataset.CommitAsync(system.Storage, TinyDataset.Zip());
        return new KilledRuns(system, await FaultyStorage.StartAsync(azurite));
    }

    public async Task<RunId> SubmitAsync(RunSpec spec)
    {
        var run = await System.SubmitAsync(spec);
        _runs.Add(run);
        return run;
    }

    /// <summary>A runner takes a run, and is killed at that place. What the runner said where it had ended before; null when it is killed.</summary>
    /// <param name="where">Follows it.</param>
    public async Task<string?> KillAsync(KillPlace place, Whereabouts? where = null)
    {
        var ended = await KillOneAsync(place, where);
        for (var runners = 1; ended?.Contains(Claimed, StringComparison.Ordinal) == false && runners < MostRunners && await IsWantedAsync(); runners++)
        {
            ended = await KillOneAsync(place, where);
        }

        return ended;
    }

    private async Task<string?> KillOneAsync(KillPlace place, Whereabouts? where)
    {
        var started = new TaskCompletionSource<RunnerProcess>(TaskCreationOptions.RunContinuationsAsynchronously);
        var isKilled = false;
        void Kill()
        {
            isKilled = true;
            started.Task.GetAwaiter().GetResult().Kill();
        }

        using var watch = where is null ? null : Proxy.Watch(where.Comes, where.Done);
        using var rule = place.Arm(Proxy, Kill);
        using var runner = RunnerProcess.Start(Proxy.Through(System.Options), "once");
        started.SetResult(runner);
        runner.Said += line => where?.Hear(line);
        if (place.Words is { } words)
        {
            runner.Said += line =>
            {
                if (!isKilled && line.Contains(words, StringComparison.Ordinal))
                {
                    Kill();
                }
            };
        }
        else if (rule is null)
        {
            await Task.WhenAny(runner.WaitForExitAsync(), Task.Delay(place.Delay));
            if (!runner.HasExited)
            {
                Kill();
            }
        }

        await EndAsync(runner);
        await FindAsync();
        return isKilled ? null : $"{runner}";
    }

    /// <summary>Runners that nobody kills work until the run is final.</summary>
    public async Task FinishAsync(RunId run)
    {
        for (var begun = Stopwatch.GetTimestamp(); !(await System.StatusAsync(run)).IsFinal; await FindAsync())
        {
            Assert.True(Stopwatch.GetElapsedTime(begun) < Limit, $"run {run} does not end: {await System.StatusAsync(run)}");
            using var runner = RunnerProcess.Start(Proxy.Through(System.Options), "once");
            await EndAsync(runner);
        }
    }

    public ValueTask DisposeAsync() => Proxy.DisposeAsync();

    private static async Task EndAsync(RunnerProcess runner)
    {
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            await runner.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"the runner does not end{Environment.NewLine}{runner}");
        }
    }

    /// <summary>Whether a run is there for a runner to take.</summary>
    private async Task<bool> IsWantedAsync()
    {
        foreach (var run in _runs)
        {
            if ((await System.StatusAsync(run)).State is RunState.Queued or RunState.Running)
            {
                return true;
            }
        }

        return false;
    }

    private async Task FindAsync()
    {
        foreach (var run in _runs)
        {
            await RunLease.BreakAsync(System.Storage, run, CancellationToken.None);
        }

        var later = new ManualClock(DateTimeOffset.UtcNow.AddMinutes(5));
        await new StalledRuns(System.Store, System.Queue, later).SweepAsync(CancellationToken.None);
    }
}
