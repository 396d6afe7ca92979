using System.Net;
using ReidCloud.Runs;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Functions;

public sealed class GetRunTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private ApiServer _api = null!;

    public async ValueTask InitializeAsync()
    {
        _api = await ApiServer.StartAsync(azurite);
        await _api.AddDatasetAsync("mine", "p", "q");
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task Shows_what_was_asked_and_where_it_stands()
    {
        var run = await _api.SubmitAsync();
        await using var lease = await _api.ClaimAsync(run);
        var view = await _api.GetAsync($"/api/runs/{run}");

        Assert.Equal("running", view.GetProperty("status").GetProperty("state").GetString());
        Assert.Equal(300, view.GetProperty("spec").GetProperty("epochs").GetInt32());
        Assert.Equal($"/api/runs/{run}/events", view.GetProperty("links").GetProperty("events").GetString());
        Assert.False(view.GetProperty("links").TryGetProperty("report", out _));
    }

    [Fact]
    public async Task Links_to_the_report_once_there_is_one()
    {
        var run = await _api.SubmitAsync();
        await _api.EndAsync(run, RunState.Succeeded, "{}");

        Assert.Equal($"/api/runs/{run}/report", (await _api.GetAsync($"/api/runs/{run}")).GetProperty("links").GetProperty("report").GetString());
    }

    [Fact]
    public async Task Says_nothing_new_until_something_is()
    {
        var run = await _api.SubmitAsync();
        using var first = await _api.Client.GetAsync($"/api/runs/{run}");

        Assert.Equal(HttpStatusCode.NotModified, await AskAsync());
        await using var lease = await _api.ClaimAsync(run);
        Assert.Equal(HttpStatusCode.OK, await AskAsync());

        async Task<HttpStatusCode> AskAsync()
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/runs/{run}") { Headers = { { "If-None-Match", first.Headers.ETag!.Tag } } };
            return (await _api.Client.SendAsync(request)).StatusCode;
        }
    }

    [Theory]
    [InlineData("00000000000000000000")]
    [InlineData("nonsense")]
    [InlineData("..%2F..%2Fdatasets%2Fmine")]
    public async Task Says_that_there_is_no_such_run(string id)
    {
        Assert.Contains("GET /api/runs lists", (await _api.GetAsync($"/api/runs/{id}", 404)).GetProperty("detail").GetString());
    }
}
