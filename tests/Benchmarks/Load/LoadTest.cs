using System.Diagnostics;
using System.Globalization;
using ReidCloud.Runs;

namespace ReidCloud.Benchmarks.Load;

/// <summary>
/// Many submissions through the API, then as many queued runs: nothing lost, nothing doubled, the list paged and fast, one sweep, several runners. Exit
/// code 1 when something was lost or doubled; times are printed and not judged.
/// </summary>
internal static class LoadTest
{
    private const int Failures = 3;

    public static async Task<int> RunAsync(int rate, int seconds, int runners)
    {
        Console.WriteLine($"Azurite alone, {Environment.ProcessorCount} processors:");
        await StorageRate.PrintAsync(0);
        await StorageRate.PrintAsync(20_000);

        await using var system = await LoadSystem.StartAsync();
        using var api = new HttpClient { BaseAddress = system.Address };
        var storage = system.NewStorage();
        await using var queue = RunQueues.Create(storage);
        var store = new RunStore(storage, queue, TimeProvider.System);

        // The first requests compile the code that they run through.
        await new Submissions(api, 20, 3).RunAsync();
        Console.WriteLine($"{rate} submissions a second for {seconds} s, one in twenty a duplicate, one in ten dropped and asked again:");
        var submissions = new Submissions(api, rate, seconds);
        await MeasuredAsync(system, submissions.RunAsync);
        var sound = await StoreCheck.PrintAsync(storage, submissions);

        Console.WriteLine("The list through the API:");
        foreach (var run in submissions.Accepted.Take(Failures))
        {
            await using var lease = await store.ClaimAsync(run, CancellationToken.None);
            await store.FinishAsync(lease!, lease!.Status with { State = RunState.Failed }, CancellationToken.None);
        }

        foreach (var query in (string[])["limit=50", "limit=200", "state=queued&limit=200"])
        {
            var listed = await Listings.PrintAsync(api, query);
            sound &= listed.Distinct().Count() == listed.Count && (query.Contains("state") || listed.Count == submissions.Accepted.Count);
        }

        sound &= (await Listings.PrintAsync(api, "state=failed")).Count == Failures;
        await Listings.PrintReadsAsync(api, submissions.Accepted.First());

        Console.WriteLine("A sweep:");
        await SweepAsync(system, store, queue, TimeProvider.System);
        await SweepAsync(system, store, queue, new Later());

        Console.WriteLine("Draining:");
        var drain = new Drain(system);
        await MeasuredAsync(system, async () =>
        {
            await drain.RunAsync(runners);
            while ((await new StalledRuns(store, queue, new Later()).SweepAsync(CancellationToken.None)).Nudged > 0)
            {
                // Those whose nudges were lost.
                await drain.RunAsync(runners);
            }
        });
        var (twice, ended) = (drain.Done.Count(run => run.Value > 1), 0);
        await Parallel.ForEachAsync(submissions.Accepted, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (run, token) =>
        {
            if ((await store.GetStatusAsync(run, token))?.Status is { IsFinal: true })
            {
                Interlocked.Increment(ref ended);
            }
        });
        var open = 0;
        await foreach (var _ in storage.Index.GetBlobsAsync(Azure.Storage.Blobs.Models.BlobTraits.None, Azure.Storage.Blobs.Models.BlobStates.None, RunPaths.AllOpen, default))
        {
            open++;
        }

        Console.WriteLine($"  ended {ended} of {submissions.Accepted.Count}, done twice {twice}, still open {open}");
        sound &= twice == 0 && ended == submissions.Accepted.Count && open == 0;
        Console.WriteLine(sound ? "Nothing was lost and nothing was doubled." : "SOMETHING WAS LOST OR DOUBLED.");
        return sound ? 0 : 1;
    }

    private static async Task SweepAsync(LoadSystem system, RunStore store, RunQueue queue, TimeProvider time)
    {
        using var requests = new RequestCount();
        var memory = GC.GetTotalAllocatedBytes();
        StalledRunsFound? found = null;
        await MeasuredAsync(system, async () => found = await new StalledRuns(store, queue, time).SweepAsync(CancellationToken.None));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  open {found!.Open}, nudged {found.Nudged}, problems {found.Problems.Count}: {requests.Sent} requests, {(GC.GetTotalAllocatedBytes() - memory) / 1e6:F0} MB allocated"));
    }

    /// <summary>Who computed, and for how long.</summary>
    private static async Task MeasuredAsync(LoadSystem system, Func<Task> act)
    {
        using var self = Process.GetCurrentProcess();
        var (begun, azurite, api, here) = (Stopwatch.GetTimestamp(), system.Azurite.ProcessorTime, system.ApiProcessorTime, self.TotalProcessorTime);
        await act();
        self.Refresh();
        var took = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  {took:F1} s; processors busy: Azurite {(system.Azurite.ProcessorTime - azurite).TotalSeconds / took:P0}, API {(system.ApiProcessorTime - api).TotalSeconds / took:P0} ({system.ApiMemory / 1e6:F0} MB), this program {(self.TotalProcessorTime - here).TotalSeconds / took:P0}"));
    }

    /// <summary>Five minutes from now, when every nudge ought to have been taken.</summary>
    private sealed class Later : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + TimeSpan.FromMinutes(5);
    }
}
