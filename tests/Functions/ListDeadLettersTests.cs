using ReidCloud.Runs;
using ReidCloud.Tests.Cli;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Functions;

public sealed class ListDeadLettersTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private ApiServer _api = null!;

    public async ValueTask InitializeAsync()
    {
        _api = await ApiServer.StartAsync(azurite);
        await _api.AddDatasetAsync("mine", "p", "q");
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task Shows_what_failed_page_by_page()
    {
        var none = await _api.GetAsync("/api/dead-letters");
        var first = await FailedAsync(1);
        var second = await FailedAsync(2);

        var page = await _api.GetAsync("/api/dead-letters?limit=1");
        var rest = await _api.GetAsync($"/api/dead-letters?limit=5&continue={Uri.EscapeDataString(page.GetProperty("continue").GetString()!)}");

        Assert.Equal(0, none.GetProperty("deadLetters").GetArrayLength());
        var letter = page.GetProperty("deadLetters")[0];
        Assert.Equal($"{second}", letter.GetProperty("run").GetString());
        Assert.Equal("diverged", letter.GetProperty("cause").GetString());
        Assert.Equal("at epoch 3", letter.GetProperty("detail").GetString());
        Assert.Contains("learning rate", letter.GetProperty("advice").GetString());
        Assert.Equal($"{first}", rest.GetProperty("deadLetters")[0].GetProperty("run").GetString());
        Assert.False(rest.TryGetProperty("continue", out _));
        await _api.GetAsync("/api/dead-letters?state=failed", 400);
    }

    [Fact]
    public async Task The_command_line_shows_the_cause_and_what_to_do_where_runs_are_listed_and_followed()
    {
        var run = await FailedAsync(1);

        var letters = await ReidAsync("dead-letters");
        var runs = await ReidAsync("runs");
        var watched = await ReidAsync("watch", $"{run}");

        Assert.Equal((0, 0, 1), (letters.ExitCode, runs.ExitCode, watched.ExitCode));
        Assert.Contains("supervised, resnet18 on mine: the loss is not a number", letters.Output);
        Assert.Contains("--set optimizer.learningRate", letters.Output);
        Assert.Contains("failed (diverged), the loss is not a number", runs.Output);
        Assert.Contains($"run {run} failed (diverged): the loss is not a number", watched.Error);
        Assert.Contains("dead-letters", watched.Error);
        await ReidAsync("retry", $"{run}");
        Assert.Contains("No dead letters", (await ReidAsync("dead-letters")).Output);
    }

    private Task<CommandLine> ReidAsync(params string[] arguments) => CommandLine.RunAsync([.. arguments, "--url", _api.Address.ToString()]);

    private async Task<RunId> FailedAsync(int repeat)
    {
        var run = await _api.SubmitAsync(repeat);
        await _api.EndAsync(run, RunState.Failed);
        return run;
    }
}
