using System.Diagnostics;
using System.Text.Json;
using ReidCloud.Runs;

namespace ReidCloud.Benchmarks.Load;

/// <summary>The list of runs through the API, followed from page to page.</summary>
internal static class Listings
{
    /// <summary>The runs that were listed, in order; one line is printed.</summary>
    public static async Task<IReadOnlyList<RunId>> PrintAsync(HttpClient api, string query)
    {
        var runs = new List<RunId>();
        var pages = new Latencies();
        var begun = Stopwatch.GetTimestamp();
        for (var next = query; next is not null;)
        {
            var asked = Stopwatch.GetTimestamp();
            using var page = JsonDocument.Parse(await api.GetByteArrayAsync($"api/runs?{next}"));
            pages.Add(Stopwatch.GetElapsedTime(asked));
            runs.AddRange(page.RootElement.GetProperty("runs").EnumerateArray().Select(run => RunId.Parse(run.GetProperty("id").GetString()!)));
            next = page.RootElement.TryGetProperty("continue", out var place) ? $"{query}&continue={Uri.EscapeDataString(place.GetString()!)}" : null;
        }

        Console.WriteLine($"  ?{query,-22} {runs.Count,6} runs in {Stopwatch.GetElapsedTime(begun).TotalSeconds:F1} s; a page: {pages}");
        return runs;
    }

    /// <summary>One page, one run and its events, asked for a few times.</summary>
    public static async Task PrintReadsAsync(HttpClient api, RunId run)
    {
        foreach (var path in (string[])[$"api/runs/{run}", $"api/runs/{run}/events", "api/runs", "api/runs?state=failed"])
        {
            var taken = new Latencies();
            for (var i = 0; i < 20; i++)
            {
                var asked = Stopwatch.GetTimestamp();
                await api.GetByteArrayAsync(path);
                taken.Add(Stopwatch.GetElapsedTime(asked));
            }

            Console.WriteLine($"  {path.Replace($"{run}", "ID"),-24} {taken}");
        }
    }
}
