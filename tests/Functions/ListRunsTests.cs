using ReidCloud.Runs;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Functions;

public sealed class ListRunsTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private ApiServer _api = null!;

    public async ValueTask InitializeAsync()
    {
        _api = await ApiServer.StartAsync(azurite);
        await _api.AddDatasetAsync("mine", "p", "q");
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task Goes_on_page_by_page_newest_first()
    {
        var submitted = new[] { await _api.SubmitAsync(1), await _api.SubmitAsync(2), await _api.SubmitAsync(3) };
        var listed = new List<string>();
        for (var query = "?limit=2"; query is not null;)
        {
            var page = await _api.GetAsync($"/api/runs{query}");
            listed.AddRange(page.GetProperty("runs").EnumerateArray().Select(run => run.GetProperty("id").GetString()!));
            query = page.TryGetProperty("continue", out var next) ? $"?limit=2&continue={Uri.EscapeDataString(next.GetString()!)}" : null;
        }

        Assert.Equal(submitted.Reverse().Select(run => run.ToString()), listed);
    }

    [Fact]
    public async Task Shows_only_runs_in_the_state_asked_for()
    {
        var (first, second) = (await _api.SubmitAsync(1), await _api.SubmitAsync(2));
        await _api.EndAsync(first, RunState.Failed);

        Assert.Equal([first.ToString()], await IdsAsync("failed"));
        Assert.Equal([second.ToString()], await IdsAsync("queued"));
        Assert.Empty(await IdsAsync("succeeded"));

        async Task<string[]> IdsAsync(string state) =>
            [.. (await _api.GetAsync($"/api/runs?state={state}")).GetProperty("runs").EnumerateArray().Select(run => run.GetProperty("id").GetString()!)];
    }

    /// <summary>Whether its spec or its status is; either may be all that is left of it. It was taken by a runner: till then the list knows its status itself.</summary>
    [Theory]
    [InlineData("spec.json", "")]
    [InlineData("status.json", "")]
    [InlineData("status.json", "?state=queued")]
    public async Task A_run_that_is_damaged_takes_no_other_away(string blob, string query)
    {
        var (first, damaged, last) = (await _api.SubmitAsync(1), await _api.SubmitAsync(2), await _api.SubmitAsync(3));
        await (await _api.ClaimAsync(damaged)).DisposeAsync();
        await _api.Storage.Runs.GetBlobClient($"{damaged}/{blob}").UploadAsync(BinaryData.FromString("rust"), overwrite: true);

        var page = await _api.GetAsync($"/api/runs{query}");

        Assert.Equal([last.ToString(), first.ToString()], page.GetProperty("runs").EnumerateArray().Select(run => run.GetProperty("id").GetString()));
        var listed = Assert.Single(page.GetProperty("damaged").EnumerateArray());
        Assert.Equal(damaged.ToString(), listed.GetProperty("name").GetString());
        Assert.Contains($"{damaged}/{blob}' is damaged", listed.GetProperty("fault").GetString());
    }

    [Theory]
    [InlineData("?state=done", "?state", "succeeded")]
    [InlineData("?limit=201", "?limit", "200")]
    [InlineData("?stat=failed", "?stat", "state, limit, continue")]
    public async Task Refuses_a_query_that_cannot_be_and_says_what_can(string query, string path, string hint)
    {
        var error = Assert.Single((await _api.GetAsync($"/api/runs{query}", 400)).GetProperty("errors").EnumerateArray());

        Assert.Equal(path, error.GetProperty("path").GetString());
        Assert.Contains(hint, error.GetProperty("message").GetString());
    }

    [Fact]
    public async Task Takes_the_functions_hosts_own_parameter_for_the_key() => await _api.GetAsync("/api/runs?code=secret");
}
