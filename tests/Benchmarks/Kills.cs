using System.Diagnostics;
using ReidCloud.GpuRunner.Data;
using ReidCloud.Runs;
using ReidCloud.Specs;
using ReidCloud.Tests.EndToEnd;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Benchmarks;

/// <summary>
/// Kills runners at random moments of each kind of run, some times in each run, and looks whether the run's remains are those of the one that nobody disturbed. Tells
/// where the kills fell.
/// </summary>
internal static class Kills
{
    private const int MostInOneRun = 5;

    /// <param name="kills">For each kind of run.</param>
    public static async Task<int> RunAsync(int kills, long seed)
    {
        await using var azurite = new AzuriteFixture();
        var undisturbed = new UndisturbedRuns(azurite);
        await undisturbed.InitializeAsync();
        var random = Seeding.Stream(seed, "benchmarks/kills");
        var fell = new Dictionary<(string Kind, string Place), int>();
        var (survived, differed) = (0, 0);
        foreach (var (kind, spec) in UndisturbedRuns.Kinds)
        {
            TimeSpan? whole = null;
            for (var done = 0; done < kills;)
            {
                await using var runs = await KilledRuns.StartAsync(azurite);
                await undisturbed.CopyParentsAsync(spec, runs.System);
                var run = await runs.SubmitAsync(spec);
                var begun = Stopwatch.GetTimestamp();
                for (var i = 0; whole is not null && i < MostInOneRun && done < kills && !(await runs.System.StatusAsync(run)).IsFinal; i++)
                {
                    var where = new Whereabouts(spec);
                    if (await runs.KillAsync(KillPlace.Moment(random.NextDouble() * whole.Value), where) is null)
                    {
                        fell[(kind, where.Now)] = fell.GetValueOrDefault((kind, where.Now)) + 1;
                        done++;
                    }
                }

                await runs.FinishAsync(run);
                whole ??= Stopwatch.GetElapsedTime(begun);
                var isSame = await undisturbed.RemainsAsync(spec) == await RunRemains.ReadAsync(runs.System, run);
                (survived, differed) = isSame ? (survived + 1, differed) : (survived, differed + 1);
                var attempts = (await runs.System.StatusAsync(run)).Attempt;
                Console.WriteLine($"{kind}: {done} of {kills} kills; attempt {attempts} ended it {(isSame ? "with the same bytes" : "with OTHER bytes")}");
            }
        }

        Console.WriteLine();
        Console.WriteLine(string.Concat(UndisturbedRuns.Kinds.Select(kind => $"{kind.Kind,14}").Prepend($"{"killed in",-22}")));
        foreach (var place in Whereabouts.All)
        {
            Console.WriteLine(string.Concat(UndisturbedRuns.Kinds.Select(kind => $"{fell.GetValueOrDefault((kind.Kind, place)),14}").Prepend($"{place,-22}")));
        }

        Console.WriteLine($"{fell.Values.Sum()} kills; {survived} runs ended with the bytes of the undisturbed one, {differed} with others");
        return differed == 0 ? 0 : 1;
    }
}
