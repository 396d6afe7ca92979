using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;
using ReidCloud.Benchmarks.Load;
using ReidCloud.Runs;
using ReidCloud.Specs;

namespace ReidCloud.Benchmarks;

/// <summary>The API and the storage emulator, each a process of its own: how long one who asks one thing after the other waits, and how long the storage alone takes for one small blob.</summary>
internal static class ApiBenchmark
{
    private const double LimitMilliseconds = 10;

    /// <summary>An API runs for weeks. The first hundreds of requests run through code that the runtime has not compiled for good.</summary>
    private const int WarmUp = 400;

    /// <summary>Few have more.</summary>
    private const int Taken = 8;

    private static readonly TrainSpec Spec = new("tiny", new ModelSpec(BackboneName.ResNet18), new SupervisedSpec());

    public static IEnumerable<Figure> Take(Extent extent) => TakeAsync(extent == Extent.Whole ? 200 : 30).GetAwaiter().GetResult();

    private static async Task<IReadOnlyList<Figure>> TakeAsync(int times)
    {
        await using var system = await LoadSystem.StartAsync();
        using var api = new HttpClient { BaseAddress = system.Address };
        var blob = system.NewStorage().Datasets.GetBlobClient(RunPaths.Commit("tiny"));
        var runs = new List<string>();
        var asks = new (string What, Func<Task> Ask, string? BoundBy)[]
        {
            ("POST /api/runs", async () => runs.Add(await SubmitAsync(api, runs.Count)), "five writes to the storage, of which only the last two go at once, because a run that is cut off between any two is completed later"),
            ("GET /api/runs/ID", () => api.GetByteArrayAsync($"api/runs/{runs[^1]}"), null),
            ("GET /api/runs/ID/events", () => api.GetByteArrayAsync($"api/runs/{runs[^1]}/events"), null),
            ("GET /api/datasets/NAME", () => api.GetByteArrayAsync("api/datasets/tiny"), null),
            ("GET /api/runs, 10 runs", () => api.GetByteArrayAsync("api/runs?limit=10"), "a list, which says how runs stand that nobody works on"),
            ("GET /api/runs, 50 runs", () => api.GetByteArrayAsync("api/runs"), "a list, which says how runs stand that nobody works on"),
        };

        await MedianAsync(WarmUp, async () => await blob.DownloadContentAsync());
        var bare = await MedianAsync(times, async () => await blob.DownloadContentAsync());
        var scrap = system.NewStorage().Datasets.GetBlobClient("scrap");
        await MedianAsync(WarmUp, () => scrap.UploadAsync(BinaryData.FromString("scrap"), overwrite: true));
        var figures = new List<Figure>
        {
            new("for scale: one small blob, read by Azure.Storage.Blobs alone", bare, "the limit of an answer", LimitMilliseconds, "ms"),
            new("for scale: one small blob, written likewise", await MedianAsync(times, () => scrap.UploadAsync(BinaryData.FromString("scrap"), overwrite: true)), "the limit of an answer", LimitMilliseconds, "ms"),
        };
        foreach (var (what, ask, boundBy) in asks)
        {
            figures.Add(await AnswerAsync(what, ask, boundBy));
        }

        await TakeAsync(system.NewStorage(), runs.TakeLast(Taken).Select(RunId.Parse));
        figures.Add(await AnswerAsync($"GET /api/runs, 50 runs, of which runners have {Taken}", () => api.GetByteArrayAsync("api/runs"), "a list, and a read of the status of each run that a runner has"));

        return figures;

        async Task<Figure> AnswerAsync(string what, Func<Task> ask, string? boundBy)
        {
            await MedianAsync(WarmUp, ask);
            return new Figure(what, await MedianAsync(times, ask), "the limit, at the median", LimitMilliseconds, "ms") { AtMost = 1, BoundBy = boundBy };
        }
    }

    /// <summary>What runners do before they begin.</summary>
    private static async Task TakeAsync(StorageAccess storage, IEnumerable<RunId> runs)
    {
        var store = new RunStore(storage, RunQueues.Create(storage), TimeProvider.System);
        foreach (var run in runs)
        {
            await using var lease = await store.ClaimAsync(run, CancellationToken.None);
        }
    }

    private static async Task<string> SubmitAsync(HttpClient api, int repeat)
    {
        using var content = new ByteArrayContent(ReidJson.Write<RunSpec>(Spec with { Repeat = repeat })) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        using var response = await api.PostAsync("api/runs", content);
        using var view = JsonDocument.Parse(await response.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync());
        return view.RootElement.GetProperty("id").GetString()!;
    }

    private static async Task<double> MedianAsync(int times, Func<Task> ask)
    {
        var taken = new double[times];
        for (var i = 0; i < times; i++)
        {
            var begun = Stopwatch.GetTimestamp();
            await ask();
            taken[i] = Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
        }

        return taken.Order().ElementAt(times / 2);
    }
}
