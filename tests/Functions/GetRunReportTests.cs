using ReidCloud.Runs;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Functions;

public sealed class GetRunReportTests(AzuriteFixture azurite) : IAsyncLifetime
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
    public async Task Hands_out_the_very_bytes_that_the_runner_wrote()
    {
        await _api.EndAsync(_run, RunState.Succeeded, """{ "rank1" : 0.9 }""");

        Assert.Equal("""{ "rank1" : 0.9 }""", await _api.Client.GetStringAsync($"/api/runs/{_run}/report"));
    }

    [Fact]
    public async Task Says_that_the_run_has_none_yet()
    {
        Assert.Contains("no report yet: it is queued", (await _api.GetAsync($"/api/runs/{_run}/report", 409)).GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Says_why_a_failed_run_has_none()
    {
        await _api.EndAsync(_run, RunState.Failed);

        Assert.Contains("the loss is not a number", (await _api.GetAsync($"/api/runs/{_run}/report", 409)).GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Says_that_there_is_no_such_run() => await _api.GetAsync("/api/runs/00000000000000000000/report", 404);
}
