using System.Collections.Concurrent;
using System.Diagnostics;
using ReidCloud.Runs;

namespace ReidCloud.Benchmarks.Load;

/// <summary>Several runners that compete for the runs, each with its own way to the storage; they own, and end, but compute nothing.</summary>
internal sealed class Drain(LoadSystem system)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private readonly ConcurrentDictionary<RunId, int> _done = new();
    private readonly Latencies _taken = new();
    private int _dropped;

    /// <summary>How often each run was done.</summary>
    public IReadOnlyDictionary<RunId, int> Done => _done;

    public async Task RunAsync(int runners)
    {
        var begun = Stopwatch.GetTimestamp();
        using var ended = new CancellationTokenSource();
        var telling = TellAsync(begun, ended.Token);
        await Task.WhenAll(Enumerable.Range(0, runners).Select(runner => Task.Run(() => ServeAsync(runner))));
        await ended.CancelAsync();
        await telling;
        var took = Stopwatch.GetElapsedTime(begun) - Patience;
        Console.WriteLine($"  {_done.Count} runs by {runners} runners in {took.TotalSeconds:F0} s, {_done.Count / took.TotalSeconds:F0} a second; {_dropped} nudges to runs that another had; one run: {_taken}");
    }

    private async Task TellAsync(long begun, CancellationToken ended)
    {
        using var minute = new PeriodicTimer(TimeSpan.FromMinutes(1));
        try
        {
            while (await minute.WaitForNextTickAsync(ended))
            {
                Console.WriteLine($"  {_done.Count} runs after {Stopwatch.GetElapsedTime(begun).TotalSeconds:F0} s");
            }
        }
        catch (OperationCanceledException)
        {
            // All is done.
        }
    }

    private async Task ServeAsync(int runner)
    {
        var storage = system.NewStorage();
        await using var queue = RunQueues.Create(storage);
        var store = new RunStore(storage, queue, TimeProvider.System);
        while (await queue.ReceiveAsync(Patience, CancellationToken.None) is { } nudge)
        {
            var begun = Stopwatch.GetTimestamp();
            await using var lease = await store.ClaimAsync(nudge.Run!.Value, CancellationToken.None);
            await nudge.CompleteAsync(CancellationToken.None);
            if (lease is null)
            {
                Interlocked.Increment(ref _dropped);
                continue;
            }

            var now = TimeProvider.System.GetUtcNow();
            await lease.WriteAsync(lease.Status with { State = RunState.Running, Attempt = lease.Status.Attempt + 1, Runner = $"{runner}", StartedAt = now, UpdatedAt = now }, CancellationToken.None);
            _done.AddOrUpdate(lease.Run, 1, (_, times) => times + 1);
            await store.FinishAsync(lease, lease.Status with { State = RunState.Succeeded, FinishedAt = now, Runner = null }, CancellationToken.None);
            _taken.Add(Stopwatch.GetElapsedTime(begun));
        }
    }
}
