using ReidCloud.Reports;
using ReidCloud.Runs;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Functions;

public sealed class GetRunEventsTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private ApiServer _api = null!;
    private RunId _run;

    public async ValueTask InitializeAsync()
    {
        _api = await ApiServer.StartAsync(azurite);
        await _api.AddDatasetAsync("mine", "p", "q");
        _run = await _api.SubmitAsync();
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task Goes_on_from_where_the_reader_left_off()
    {
        await using var lease = await _api.ClaimAsync(_run);
        var log = _api.Service<RunStore>().OpenEvents(_run, 1);
        await log.AppendAsync([Event(1), Event(2)], default);
        var first = await _api.GetAsync($"/api/runs/{_run}/events");
        await log.AppendAsync([Event(3)], default);
        var second = await _api.GetAsync($"/api/runs/{_run}/events?after={first.GetProperty("next").GetString()}");

        Assert.Equal([1, 2], Epochs(first));
        Assert.Equal([3], Epochs(second));
        Assert.Empty(Epochs(await _api.GetAsync($"/api/runs/{_run}/events?after={second.GetProperty("next").GetString()}")));
    }

    [Fact]
    public async Task A_run_that_has_not_begun_has_none() => Assert.Empty(Epochs(await _api.GetAsync($"/api/runs/{_run}/events")));

    [Fact]
    public async Task Refuses_a_place_that_no_answer_gave()
    {
        var problem = await _api.GetAsync($"/api/runs/{_run}/events?after=yesterday", 400);

        Assert.Equal("?after", Assert.Single(problem.GetProperty("errors").EnumerateArray()).GetProperty("path").GetString());
    }

    [Fact]
    public async Task Says_that_there_is_no_such_run() => await _api.GetAsync("/api/runs/00000000000000000000/events", 404);

    private static RunEvent Event(int epoch) => new(new DateTimeOffset(2026, 1, 1, 0, 0, epoch, TimeSpan.Zero), RunEventKind.Epoch) { Epoch = epoch };

    private static int[] Epochs(System.Text.Json.JsonElement page) =>
        [.. page.GetProperty("events").EnumerateArray().Select(happened => happened.GetProperty("epoch").GetInt32())];
}
