using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using ReidCloud.Runs;
using ReidCloud.Specs;

namespace ReidCloud.Benchmarks.Load;

/// <summary>
/// Submissions at a steady rate, whether or not those before have been answered. One in twenty repeats, word for word, one of the last that were sent; of
/// one in ten the client hangs up soon after sending, and asks again. Time counts from when a submission was due.
/// </summary>
internal sealed class Submissions(HttpClient api, int rate, int seconds)
{
    private const int Duplicates = 20;
    private const int HangUps = 10;
    private const int Tries = 6;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private static readonly TrainSpec Spec = new("tiny", new ModelSpec(BackboneName.ResNet18), new SupervisedSpec());

    private readonly Random _random = new(1);
    private readonly Latencies _answered = new();
    private readonly ConcurrentDictionary<string, int> _kinds = new();
    private readonly ConcurrentDictionary<RunId, int> _created = new();
    private readonly ConcurrentDictionary<RunId, bool> _accepted = new();
    private int _gaveUp;

    /// <summary>The runs that the API said it has, and to how many requests it said that it had just made them.</summary>
    public IReadOnlyDictionary<RunId, int> Created => _created;

    public IReadOnlyCollection<RunId> Accepted => [.. _accepted.Keys];

    /// <summary>Submissions that were never answered well.</summary>
    public int GaveUp => _gaveUp;

    public async Task RunAsync()
    {
        var bodies = new List<byte[]>();
        var all = new List<Task>();
        var begun = Stopwatch.GetTimestamp();
        for (var i = 0; i < rate * seconds; i++)
        {
            var due = TimeSpan.FromSeconds((double)i / rate);
            while (due - Stopwatch.GetElapsedTime(begun) is var wait && wait > TimeSpan.Zero)
            {
                await Task.Delay(wait < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : wait);
            }

            var again = bodies.Count > 0 && _random.Next(Duplicates) == 0;
            if (!again)
            {
                bodies.Add(ReidJson.Write<RunSpec>(Spec with { Repeat = bodies.Count }));
            }

            var body = again ? bodies[^(1 + _random.Next(Math.Min(bodies.Count, rate)))] : bodies[^1];
            var hangUp = _random.Next(HangUps) == 0 ? TimeSpan.FromMilliseconds(_random.Next(1, 40)) : (TimeSpan?)null;
            all.Add(SubmitAsync(body, hangUp, () => Stopwatch.GetElapsedTime(begun) - due));
        }

        var asked = Stopwatch.GetElapsedTime(begun);
        await Task.WhenAll(all);
        var ended = Stopwatch.GetElapsedTime(begun);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  {all.Count} submissions of {bodies.Count} runs in {asked.TotalSeconds:F1} s, all answered after {ended.TotalSeconds:F1} s: {all.Count / ended.TotalSeconds:F0} a second"));
        Console.WriteLine($"  {_answered}");
        Console.WriteLine($"  {string.Join(", ", _kinds.OrderBy(kind => kind.Key).Select(kind => $"{kind.Key}: {kind.Value}"))}; given up: {_gaveUp}");
    }

    private async Task SubmitAsync(byte[] body, TimeSpan? hangUp, Func<TimeSpan> sinceDue)
    {
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            using var limit = new CancellationTokenSource(attempt == 0 && hangUp is { } early ? early : TimeSpan.FromSeconds(60));
            try
            {
                using var content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
                using var response = await api.PostAsync("api/runs", content, limit.Token);
                var answer = await response.Content.ReadAsByteArrayAsync(limit.Token);
                Count($"{(int)response.StatusCode}");
                if (response.StatusCode is HttpStatusCode.OK or HttpStatusCode.Accepted)
                {
                    Accept(answer, response.StatusCode == HttpStatusCode.Accepted);
                    _answered.Add(sinceDue());
                    return;
                }
            }
            catch (OperationCanceledException)
            {
                Count(attempt == 0 && hangUp is not null ? "hung up" : "no answer in a minute");
                if (attempt == 0 && hangUp is not null)
                {
                    continue;
                }
            }
            catch (HttpRequestException exception)
            {
                Count($"{exception.HttpRequestError}");
            }

            await Task.Delay(Pause);
        }

        Interlocked.Increment(ref _gaveUp);
    }

    private void Accept(byte[] answer, bool created)
    {
        using var view = JsonDocument.Parse(answer);
        var run = RunId.Parse(view.RootElement.GetProperty("id").GetString()!);
        _accepted[run] = true;
        if (created)
        {
            _created.AddOrUpdate(run, 1, (_, times) => times + 1);
        }
    }

    private void Count(string kind) => _kinds.AddOrUpdate(kind, 1, (_, times) => times + 1);
}
