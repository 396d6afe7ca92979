using ReidCloud.Runs;
using ReidCloud.Tests.Cli;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Functions;

public sealed class RetryRunTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private ApiServer _api = null!;

    public async ValueTask InitializeAsync()
    {
        _api = await ApiServer.StartAsync(azurite);
        await _api.AddDatasetAsync("mine", "p", "q");
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task A_run_that_failed_is_queued_again()
    {
        var run = await FailedAsync();

        using var response = await _api.SendAsync(HttpMethod.Post, $"/api/runs/{run}/retry");
        var status = (await ApiServer.JsonAsync(response, 202)).GetProperty("status");

        Assert.Equal($"/api/runs/{run}", response.Headers.Location?.ToString());
        Assert.Equal("queued", status.GetProperty("state").GetString());
        Assert.Equal(1, status.GetProperty("retriedAfter").GetInt32());
        Assert.Equal(1, status.GetProperty("checkpoint").GetProperty("epoch").GetInt32());
        Assert.False(status.TryGetProperty("failure", out _));
    }

    [Fact]
    public async Task It_may_begin_at_the_start()
    {
        var run = await FailedAsync();
        var view = await _api.JsonAsync(HttpMethod.Post, $"/api/runs/{run}/retry", 202, """{"from":"start"}""");

        Assert.False(view.GetProperty("status").TryGetProperty("checkpoint", out _));
    }

    [Theory]
    [InlineData("""{"from":"middle"}""", "$.from")]
    [InlineData("""{"form":"start"}""", "$.form")]
    public async Task Where_it_begins_must_be_a_place_there_is(string body, string place)
    {
        var run = await FailedAsync();
        var problem = await _api.JsonAsync(HttpMethod.Post, $"/api/runs/{run}/retry", 400, body);

        Assert.Equal(place, problem.GetProperty("errors")[0].GetProperty("path").GetString());
        Assert.Equal(RunState.Failed, (await _api.Service<RunStore>().GetStatusAsync(run, default))!.Status.State);
    }

    [Fact]
    public async Task What_is_not_over_cannot_be_tried_again()
    {
        var run = await _api.SubmitAsync();

        Assert.Contains("reid cancel", (await _api.JsonAsync(HttpMethod.Post, $"/api/runs/{run}/retry", 409)).GetProperty("detail").GetString());
        await _api.JsonAsync(HttpMethod.Post, "/api/runs/00000000000000000000/retry", 404);
        await _api.JsonAsync(HttpMethod.Post, "/api/runs/..%2fmine/retry", 404);
    }

    [Fact]
    public async Task The_command_line_asks_the_same()
    {
        var run = await FailedAsync();

        var said = await ReidAsync("retry", $"{run}");
        var again = await ReidAsync("retry", $"{run}");
        await _api.EndAsync(run, RunState.Failed);
        var anew = await ReidAsync("retry", $"{run}", "--from-start", "--json");

        Assert.True(said.ExitCode == 0, said.Error);
        Assert.Contains("queued; it goes on after epoch 1, step 0", said.Output);
        Assert.Equal(2, again.ExitCode);
        Assert.Contains("is queued", again.Error);
        Assert.DoesNotContain("\"checkpoint\"", anew.Output);
    }

    private Task<CommandLine> ReidAsync(params string[] arguments) => CommandLine.RunAsync([.. arguments, "--url", _api.Address.ToString()]);

    private async Task<RunId> FailedAsync()
    {
        var run = await _api.SubmitAsync();
        await using var lease = await _api.ClaimAsync(run);
        var failed = lease.Status with
        {
            State = RunState.Failed,
            Checkpoint = new CheckpointPointer("some/blob", "hash", 1, 0),
            Failure = new RunFailure(FailureCause.Diverged, "no number", "at epoch 3"),
        };
        await _api.Service<RunStore>().FinishAsync(lease, failed, default);
        return run;
    }
}
