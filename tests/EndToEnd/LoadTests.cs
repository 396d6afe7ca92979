using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using ReidCloud.Runs;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.EndToEnd;

/// <summary>
/// Many at once: what clients were told is what is there, whoever hangs up, asks twice or reads meanwhile. tests/Benchmarks does the same with processes, a
/// rate and figures.
/// </summary>
public sealed class LoadTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private static readonly TrainSpec Spec = new("mine", new ModelSpec(BackboneName.ResNet18), new SupervisedSpec());
    private ApiServer? _api;

    private ApiServer Api => _api!;

    private RunStore Store => Api.Service<RunStore>();

    public async ValueTask InitializeAsync()
    {
        _api = await ApiServer.StartAsync(azurite);
        await Api.AddDatasetAsync("mine", "p", "q");
    }

    public ValueTask DisposeAsync() => Api.DisposeAsync();

    [Fact]
    public async Task Of_hundreds_of_submissions_at_once_none_is_lost_and_none_doubled()
    {
        const int Runs = 240;
        var (accepted, made) = (new ConcurrentDictionary<RunId, bool>(), new ConcurrentBag<RunId>());
        await Task.WhenAll(Enumerable.Range(0, Runs).SelectMany(i => (i % 6) switch
        {
            0 => new[] { SubmitAsync(i, null), SubmitAsync(i, null) },
            1 => [SubmitAsync(i, TimeSpan.FromMilliseconds(5 * (i % 100)))],
            _ => [SubmitAsync(i, null)],
        })).WaitAsync(Limit);

        Assert.Equal(Runs, accepted.Count);
        Assert.Equal(made.Count, made.Distinct().Count());
        var listed = await PagesAsync("limit=200");
        Assert.Equal(Runs, listed.Count);
        Assert.Equal(accepted.Keys.ToHashSet(), [.. listed]);
        var nudged = new HashSet<RunId>();
        while (!nudged.IsSupersetOf(listed) && await Api.Service<RunQueue>().ReceiveAsync(TimeSpan.FromSeconds(10), CancellationToken.None) is { } nudge)
        {
            nudged.Add(nudge.Run!.Value);
        }

        Assert.Equal([.. listed], nudged);

        async Task SubmitAsync(int repeat, TimeSpan? hangUp)
        {
            for (var patience = hangUp; ; patience = null)
            {
                using var gone = new CancellationTokenSource();
                if (patience is { } limit)
                {
                    gone.CancelAfter(limit);
                }

                try
                {
                    using var response = await PostAsync(repeat, gone.Token);
                    var answer = await response.Content.ReadAsByteArrayAsync(gone.Token);
                    Assert.True(response.StatusCode is HttpStatusCode.OK or HttpStatusCode.Accepted, $"{response.StatusCode}");
                    var run = Id(JsonElement.Parse(answer));
                    accepted[run] = true;
                    if (response.StatusCode == HttpStatusCode.Accepted)
                    {
                        made.Add(run);
                    }

                    return;
                }
                catch (OperationCanceledException) when (patience is not null)
                {
                    // Asked again, as a client does that got no answer.
                }
            }
        }
    }

    [Fact]
    public async Task A_thousand_runs_are_listed_page_by_page_while_others_are_added()
    {
        var (there, next) = (new ConcurrentBag<RunId>(), 1000);
        await Parallel.ForAsync(0, next, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, token) =>
            there.Add((await Store.SubmitAsync(Spec with { Repeat = i }, token)).Run));
        foreach (var run in there.Order(Comparer<RunId>.Create((a, b) => string.CompareOrdinal($"{a}", $"{b}"))).Take(3))
        {
            await Api.EndAsync(run, RunState.Failed);
        }

        var all = await PagesAsync("limit=100", AddAsync);
        var queued = await PagesAsync("state=queued&limit=200", AddAsync);
        var failed = await PagesAsync("state=failed", AddAsync);

        Assert.All((IReadOnlyList<RunId>[])[all, queued, failed], listed => Assert.Equal(listed.Count, listed.Distinct().Count()));
        Assert.Empty(there.Except(all));
        Assert.Equal(3, failed.Count);
        Assert.Equal(there.Except(failed).ToHashSet(), [.. queued.Intersect(there)]);

        async Task AddAsync()
        {
            using var response = await PostAsync(next++, CancellationToken.None);
            Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        }
    }

    [Fact]
    public async Task Three_runners_drain_hundreds_of_runs_and_none_is_done_twice()
    {
        const int Runs = 120;
        await Parallel.ForAsync(0, Runs, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, token) =>
        {
            var run = (await Store.SubmitAsync(Spec with { Repeat = i }, token)).Run;
            if (i % 4 == 0)
            {
                // A doubled nudge, as the broker or a sweep may deliver.
                await Api.Service<RunQueue>().SendAsync(run, RunPriority.Normal, token);
            }
        });
        var done = new ConcurrentBag<RunId>();

        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(ServeAsync))).WaitAsync(Limit);

        Assert.Equal((Runs, Runs), (done.Count, done.Distinct().Count()));
        Assert.Equal(done.ToHashSet(), [.. await PagesAsync("state=succeeded&limit=200")]);
        Assert.Equal(0, (await new StalledRuns(Store, Api.Service<RunQueue>(), TimeProvider.System).SweepAsync(CancellationToken.None)).Open);
        Assert.Empty(await NudgedAsync());

        // What the runner does, but for the work.
        async Task ServeAsync()
        {
            var storage = new StorageAccess(Api.Storage.Options, Limit);
            await using var queue = RunQueues.Create(storage);
            var store = new RunStore(storage, queue, TimeProvider.System);
            while (await queue.ReceiveAsync(TimeSpan.FromSeconds(1), CancellationToken.None) is { } nudge)
            {
                await using var lease = await store.ClaimAsync(nudge.Run!.Value, CancellationToken.None);
                await nudge.CompleteAsync(CancellationToken.None);
                if (lease is not null)
                {
                    Assert.Equal((RunState.Queued, 0), (lease.Status.State, lease.Status.Attempt));
                    await lease.WriteAsync(lease.Status with { State = RunState.Running, Attempt = 1 }, CancellationToken.None);
                    done.Add(lease.Run);
                    await store.FinishAsync(lease, lease.Status with { State = RunState.Succeeded }, CancellationToken.None);
                }
            }
        }
    }

    private static RunId Id(JsonElement run) => RunId.Parse(run.GetProperty("id").GetString()!);

    private async Task<HttpResponseMessage> PostAsync(int repeat, CancellationToken cancellationToken)
    {
        while (true)
        {
            using var content = new ByteArrayContent(ReidJson.Write<RunSpec>(Spec with { Repeat = repeat }))
            {
                Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
            };
            var response = await Api.Client.PostAsync("/api/runs", content, cancellationToken);
            if (response.StatusCode != HttpStatusCode.ServiceUnavailable)
            {
                return response;
            }

            // The emulator, on a machine that has other work too, took longer than the API has patience: come again.
            response.Dispose();
            await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
        }
    }

    /// <summary>All pages of the list, in order.</summary>
    /// <param name="meanwhile">Happens before each page.</param>
    private async Task<IReadOnlyList<RunId>> PagesAsync(string query, Func<Task>? meanwhile = null)
    {
        var runs = new List<RunId>();
        for (var next = query; next is not null;)
        {
            if (meanwhile is not null)
            {
                await meanwhile();
            }

            var page = await Api.GetAsync($"/api/runs?{next}");
            runs.AddRange(page.GetProperty("runs").EnumerateArray().Select(Id));
            next = page.TryGetProperty("continue", out var place) ? $"{query}&continue={Uri.EscapeDataString(place.GetString()!)}" : null;
        }

        return runs;
    }

    /// <summary>Every run that is nudged now; the nudges are taken off the queue.</summary>
    private async Task<IReadOnlyList<RunId>> NudgedAsync()
    {
        var runs = new List<RunId>();
        while (await Api.Service<RunQueue>().ReceiveAsync(TimeSpan.Zero, CancellationToken.None) is { } nudge)
        {
            runs.Add(nudge.Run!.Value);
            await nudge.CompleteAsync(CancellationToken.None);
        }

        return runs;
    }
}
