using System.Text.Json;
using ReidCloud.Reports;
using ReidCloud.Runs;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Cli;

/// <summary>Reading runs from the command line: `compare`, `logs`, `watch`, `report`, `submit --seeds`.</summary>
public sealed class FollowAndCompareTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("reid-follow-").FullName;
    private ApiServer _api = null!;

    public async ValueTask InitializeAsync()
    {
        _api = await ApiServer.StartAsync(azurite);
        await _api.AddDatasetAsync("mine", "p", "q");
    }

    public async ValueTask DisposeAsync()
    {
        await _api.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Runs_are_compared_as_tables_or_JSON()
    {
        var (first, second) = (await _api.MeasuredAsync(0, 0.5), await _api.MeasuredAsync(1, 0.75));

        var tables = await ReidAsync("compare", $"{first}", $"{second}");
        var json = await ReidAsync("compare", $"{first}", $"{second}", "--json");
        var unknown = await ReidAsync("compare", $"{first}", "00000000000000000000");
        var twice = await ReidAsync("compare", $"{first}", $"{first}");
        var page = Path.Combine(_folder, "comparison.html");
        var saved = await ReidAsync("compare", $"{first}", $"{second}", "--html", page);

        Assert.Equal(2, twice.ExitCode);
        Assert.DoesNotContain("presets", twice.Error, StringComparison.Ordinal);
        Assert.True(tables.ExitCode == 0, tables.Error);
        Assert.Contains("50.0 % (40.0–60.0)", tables.Output, StringComparison.Ordinal);
        Assert.Contains("62.5 ± 17.7 %", tables.Output, StringComparison.Ordinal);
        Assert.Contains("+25.0 (+25.0 to +25.0)", tables.Output, StringComparison.Ordinal);
        Assert.Contains("$.repeat", tables.Output, StringComparison.Ordinal);
        Assert.Equal(2, JsonElement.Parse(json.Output).GetProperty("runs").GetArrayLength());
        Assert.True(saved.ExitCode == 0, saved.Error);
        Assert.StartsWith("<!DOCTYPE html>", File.ReadAllText(page), StringComparison.Ordinal);
        Assert.Equal(2, unknown.ExitCode);
        Assert.Contains("There is no run '00000000000000000000'", unknown.Error, StringComparison.Ordinal);
        Assert.Contains("./reid runs", unknown.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_report_is_saved_as_a_page_a_text_and_a_table()
    {
        var run = $"{await _api.MeasuredAsync(0, 0.5)}";
        string Path(string name) => System.IO.Path.Combine(_folder, name);

        var said = await ReidAsync("report", run, "--html", Path("a.html"), "--md", Path("a.md"), "--csv", Path("a.csv"));
        var nowhere = await ReidAsync("report", run, "--html", Path("no/a.html"));

        Assert.True(said.ExitCode == 0, said.Error);
        Assert.Equal(["<p>page</p>", "# text", "a,table"], new[] { "a.html", "a.md", "a.csv" }.Select(name => File.ReadAllText(Path(name))));
        Assert.Equal(2, nowhere.ExitCode);
        Assert.Contains("there is no such folder", nowhere.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_run_of_each_seed_is_asked_for_and_the_command_that_compares_them_is_named()
    {
        string[] request = ["submit", "--preset", "debug-teacher", "--dataset", "mine", "--seeds", "1..2,7"];

        var said = await ReidAsync(request);
        var json = JsonElement.Parse((await ReidAsync([.. request, "--json"])).Output);

        Assert.True(said.ExitCode == 0, said.Error);
        Assert.Equal([1, 2, 7], json.EnumerateArray().Select(run => run.GetProperty("spec").GetProperty("seed").GetInt64()));
        Assert.Contains($"./reid compare {string.Join(' ', json.EnumerateArray().Select(run => run.GetProperty("id").GetString()))}", said.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_runs_are_waited_for_and_the_lost_are_named()
    {
        var good = await _api.MeasuredAsync(0, 0.5);
        var (also, lost) = (await _api.MeasuredAsync(1, 0.6), await _api.SubmitAsync(repeat: 2));
        await _api.EndAsync(lost, RunState.Failed);

        var both = await ReidAsync("watch", $"{good}", $"{also}");
        var all = await ReidAsync("watch", $"{good}", $"{lost}", "--json");

        Assert.Equal(0, both.ExitCode);
        Assert.Contains($"./reid compare {good} {also}", both.Error, StringComparison.Ordinal);
        Assert.Equal(1, all.ExitCode);
        Assert.Equal(2, JsonElement.Parse(all.Output).GetArrayLength());
        Assert.Contains($"run {lost} failed (diverged): the loss is not a number", all.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Logs_are_followed_through_another_attempt_to_the_end()
    {
        var run = await _api.SubmitAsync();
        var (store, at) = (_api.Service<RunStore>(), new DateTimeOffset(2026, 11, 21, 22, 0, 0, TimeSpan.Zero));
        await using (var first = await _api.ClaimAsync(run))
        {
            await store.OpenEvents(run, first.Status.Attempt).AppendAsync([new RunEvent(at, RunEventKind.Epoch) { Epoch = 1, Epochs = 3, Values = Losses(2.5) }], default);
        }

        var shown = await ReidAsync("logs", $"{run}");
        var following = ReidAsync("logs", "-f", "--json", $"{run}");
        await using (var second = await _api.ClaimAsync(run))
        {
            var events = store.OpenEvents(run, second.Status.Attempt);
            await events.AppendAsync([new RunEvent(at, RunEventKind.Resumed) { Message = "after epoch 1\nby another runner" }], default);
            await events.AppendAsync([new RunEvent(at, RunEventKind.Evaluation) { Values = new Dictionary<string, double> { ["image-to-video/rank1"] = 0.5 } }], default);
            await store.FinishAsync(second, second.Status with { State = RunState.Cancelled }, default);
        }

        var followed = await following;
        var whole = await ReidAsync("logs", $"{run}", "--follow");

        Assert.Equal("2026-11-21 22:00:00  epoch       epoch 1/3, total 2.50", shown.Output.TrimEnd());
        Assert.True(followed.ExitCode == 0, followed.Error);
        Assert.Equal(
            ["epoch", "resumed", "evaluation"], followed.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line).GetProperty("kind").GetString()));
        Assert.Equal(
            ["epoch 1/3, total 2.50", "after epoch 1 by another runner", "image-to-video/rank1 50.0 %"], whole.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.TrimEnd('\r')[33..]));
    }

    [Theory]
    [InlineData("logs", "00000000000000000000")]
    [InlineData("reproduce", "00000000000000000000")]
    [InlineData("watch", "00000000000000000000", "00000000000000000001")]
    public async Task A_run_that_is_not_there_is_named_and_where_to_look(params string[] arguments)
    {
        var said = await ReidAsync(arguments);

        Assert.Equal(2, said.ExitCode);
        Assert.Contains("00000000000000000000", said.Error, StringComparison.Ordinal);
        Assert.Contains("./reid runs", said.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_has_not_succeeded_is_not_reproduced()
    {
        var run = await _api.SubmitAsync();

        var waits = await ReidAsync("reproduce", $"{run}");
        await _api.EndAsync(run, RunState.Failed);
        var failed = await ReidAsync("reproduce", $"{run}");

        Assert.Equal((2, 2), (waits.ExitCode, failed.ExitCode));
        Assert.Contains($"./reid watch {run}", waits.Error, StringComparison.Ordinal);
        Assert.Contains($"./reid retry {run}", failed.Error, StringComparison.Ordinal);
    }

    private static Dictionary<string, double> Losses(double total) => new() { ["total"] = total };

    private Task<CommandLine> ReidAsync(params string[] arguments) => CommandLine.RunAsync([.. arguments, "--url", _api.Address.ToString()]);
}
