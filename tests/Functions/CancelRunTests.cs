using ReidCloud.Runs;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Functions;

public sealed class CancelRunTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private ApiServer _api = null!;

    public async ValueTask InitializeAsync()
    {
        _api = await ApiServer.StartAsync(azurite);
        await _api.AddDatasetAsync("mine", "p", "q");
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task A_run_that_nobody_began_is_cancelled_at_once_and_again_without_harm()
    {
        var run = await _api.SubmitAsync();

        Assert.Equal("cancelled", StateOf(await _api.JsonAsync(HttpMethod.Delete, $"/api/runs/{run}")));
        Assert.Equal("cancelled", StateOf(await _api.JsonAsync(HttpMethod.Delete, $"/api/runs/{run}")));
    }

    [Fact]
    public async Task A_runner_is_asked_to_stop()
    {
        var run = await _api.SubmitAsync();
        await using var lease = await _api.ClaimAsync(run);
        var view = await _api.JsonAsync(HttpMethod.Delete, $"/api/runs/{run}", 202);

        Assert.Equal("running", StateOf(view));
        Assert.True(view.GetProperty("cancelRequested").GetBoolean());
        Assert.True(await _api.Service<RunStore>().IsCancelRequestedAsync(run, default));
    }

    [Theory]
    [InlineData(RunState.Succeeded)]
    [InlineData(RunState.Failed)]
    public async Task A_finished_run_cannot_be_stopped_and_stays_as_it_is(RunState state)
    {
        var run = await _api.SubmitAsync();
        await _api.EndAsync(run, state, "{}");
        var problem = await _api.JsonAsync(HttpMethod.Delete, $"/api/runs/{run}", 409);

        Assert.Contains("has finished", problem.GetProperty("detail").GetString());
        Assert.Equal(state, (await _api.Service<RunStore>().GetStatusAsync(run, default))!.Status.State);
    }

    [Theory]
    [InlineData("00000000000000000000")]
    [InlineData("x")]
    public async Task Says_that_there_is_no_such_run(string id) => await _api.JsonAsync(HttpMethod.Delete, $"/api/runs/{id}", 404);

    private static string? StateOf(System.Text.Json.JsonElement view) => view.GetProperty("status").GetProperty("state").GetString();
}
