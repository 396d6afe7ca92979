using ReidCloud.Runs;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Functions;

public sealed class ListDependentsTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private ApiServer _api = null!;

    public async ValueTask InitializeAsync()
    {
        _api = await ApiServer.StartAsync(azurite);
        await _api.AddDatasetAsync("mine", "p", "q");
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task Lists_who_builds_on_a_run_before_and_after_its_end()
    {
        var teacher = await _api.SubmitAsync();
        var early = await StudentAsync(teacher, 1);
        await _api.LeaveAsync(teacher);
        var late = await StudentAsync(teacher, 2);

        var runs = (await _api.GetAsync($"/api/runs/{teacher}/dependents")).GetProperty("runs").EnumerateArray().ToList();

        Assert.Equal(new[] { early, late }.Order(), runs.Select(run => run.GetProperty("id").GetString()!).Order());
        Assert.All(runs, run => Assert.Equal("queued", run.GetProperty("status").GetProperty("state").GetString()));
        Assert.Empty((await _api.GetAsync($"/api/runs/{early}/dependents")).GetProperty("runs").EnumerateArray());
    }

    [Theory]
    [InlineData("00000000000000000000")]
    [InlineData("..%2F..%2Fdatasets")]
    public async Task Says_that_there_is_no_such_run(string run) =>
        Assert.Contains("GET /api/runs lists", (await _api.GetAsync($"/api/runs/{run}/dependents", 404)).GetProperty("detail").GetString());

    [Fact]
    public async Task A_run_that_failed_says_what_to_do_and_one_that_it_took_along_names_it()
    {
        var teacher = await _api.SubmitAsync();
        var student = await StudentAsync(teacher, 1);
        await _api.EndAsync(teacher, RunState.Failed);

        var (own, taken) = ((await _api.GetAsync($"/api/runs/{teacher}")).GetProperty("remedy"), (await _api.GetAsync($"/api/runs/{student}")).GetProperty("remedy"));

        Assert.Contains("learning rate", own.GetProperty("advice").GetString());
        Assert.Equal($"reid retry {teacher}", taken.GetProperty("command").GetString());
    }

    private async Task<string> StudentAsync(RunId teacher, int repeat)
    {
        var spec = $$$"""{"kind":"train","dataset":"mine","model":{"backbone":"resnet18"},"method":{"kind":"view-distillation","teacher":{"run":"{{{teacher}}}"}},"sampling":{"views":"multi-view"},"repeat":{{{repeat}}}}""";
        return (await _api.JsonAsync(HttpMethod.Post, "/api/runs", 202, spec)).GetProperty("id").GetString()!;
    }
}
