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
            ("POST /api/runs", async () => runs.Add(await SubmitAsync(api, runs.Count)), "five writes to the storage, one after the other, because a run that is cut off between any two is completed later"),
            ("GET /api/runs/ID", () => api.GetByteArrayAsync($"api/runs/{runs[^1]}"), null),
            ("GET /api/runs/ID/events", () => api.GetByteArrayAsync($"api/runs/{runs[^1]}/events"), null),
            ("GET /api/datasets/NAME", () => api.GetByteArrayAsync("api/datasets/tiny"), null),
            ("GET /api/runs, 10 runs", () => api.GetByteArrayAsync("api/runs?limit=10"), "a list and a read of each run's status"),
            ("GET /api/runs, 50 runs", () => api.GetByteArrayAsync("api/runs"), "a list and a read of each run's status: 51 requests to an emulator of one thread"),
        };

        // The first requests compile the code that they run through.
        await Task.WhenAll(Enumerable.Range(0, 60).Select(async _ => await blob.DownloadContentAsync()));
        var bare = await MedianAsync(times, async () => await blob.DownloadContentAsync());
        var scrap = system.NewStorage().Datasets.GetBlobClient("scrap");
        var figures = new List<Figure>
        {
            new("for scale: one small blob, read by Azure.Storage.Blobs alone", bare, "the limit of an answer", LimitMilliseconds, "ms"),
            new("for scale: one small blob, written likewise", await MedianAsync(times, () => scrap.UploadAsync(BinaryData.FromString("scrap"), overwrite: true)), "the limit of an answer", LimitMilliseconds, "ms"),
        };
        foreach (var (what, ask, boundBy) in asks)
        {
            await MedianAsync(60, ask);
            figures.Add(new Figure(what, await MedianAsync(times, ask), "the limit, at the median", LimitMilliseconds, "ms") { AtMost = 1, BoundBy = boundBy });
        }

        return figures;
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
