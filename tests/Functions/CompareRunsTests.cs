using System.Text;
using System.Text.Json;
using ReidCloud.Reports;
using ReidCloud.Reports.Comparisons;
using ReidCloud.Runs;
using ReidCloud.Specs;
using ReidCloud.Tests.Shared.Reports.Comparisons;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Functions;

public sealed class CompareRunsTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private ApiServer _api = null!;

    public async ValueTask InitializeAsync()
    {
        _api = await ApiServer.StartAsync(azurite);
        await _api.AddDatasetAsync("mine", "p", "q");
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task Lays_runs_side_by_side_and_tests_them_query_by_query()
    {
        var (first, second) = (await _api.MeasuredAsync(0, 0.5), await _api.MeasuredAsync(1, 0.75));

        var comparison = ReidJson.Read<Comparison>(await _api.Client.GetByteArrayAsync($"/api/compare?runs={first},{second}"));

        Assert.Equal([first.ToString(), second.ToString()], comparison.Runs.Select(run => run.Run));
        Assert.Equal([0.5, 0.75], comparison.Figures.Single(figure => figure.Metric == "mapStandard").Values.Select(value => value!.Value));
        Assert.Equal(2, Assert.Single(comparison.Groups).Runs.Count);
        Assert.Equal(0.25, Assert.Single(comparison.Differences).Differences.Single(difference => difference.Metric == "mapStandard").Difference);
    }

    [Fact]
    public async Task What_trained_the_networks_of_evaluate_runs_is_looked_up_so_that_seeds_stand_together()
    {
        await _api.AddDatasetAsync("theirs", "p", "q");
        var runs = new List<RunId>();
        for (var repeat = 0; repeat < 2; repeat++)
        {
            var trained = await _api.MeasuredAsync(repeat, 0.9);
            foreach (var (dataset, figure) in new[] { ("mine", 0.8), ("theirs", 0.5) })
            {
                var view = await _api.JsonAsync(HttpMethod.Post, "/api/runs", 202, $$$"""{"kind":"evaluate","dataset":"{{{dataset}}}","checkpoint":{"run":"{{{trained}}}"}}""");
                runs.Add(await _api.MeasuredAsync(RunId.Parse(view.GetProperty("id").GetString()!), figure + (0.1 * repeat)));
            }
        }

        var comparison = ReidJson.Read<Comparison>(await _api.Client.GetByteArrayAsync($"/api/compare?runs={string.Join(',', runs)}"));

        var matrix = comparison.Matrices.Single(matrix => matrix.Metric == "rank1");
        var row = Assert.Single(matrix.Seeds);
        Assert.Equal(("mine theirs", "supervised of resnet18 on mine", 2), (string.Join(' ', matrix.Datasets), row.Title, row.Models.Count));
        Assert.Equal([(2, 0.85), (2, 0.55)], row.Cells.Select(cell => (cell!.Count, Math.Round(cell.Mean, 9))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("?runs=")]
    [InlineData("?runs=00000000000000000001")]
    [InlineData("?runs=00000000000000000001,00000000000000000001")]
    [InlineData("?runs=1,2&others=3")]
    public async Task A_list_that_cannot_be_compared_is_refused(string query) => await _api.GetAsync($"/api/compare{query}", 400);

    [Fact]
    public async Task More_than_fifty_are_refused() =>
        Assert.Contains("2 to 50", Detail(await _api.GetAsync($"/api/compare?runs={string.Join(',', Enumerable.Range(1, 51).Select(run => $"{run:D20}"))}", 400)));

    [Fact]
    public async Task The_run_that_is_unknown_unfinished_empty_or_damaged_is_named()
    {
        var good = await _api.MeasuredAsync(0, 0.5);
        var unfinished = await _api.SubmitAsync(repeat: 1);
        var empty = await _api.SubmitAsync(repeat: 2);
        await _api.LeaveAsync(empty);
        var damaged = await _api.SubmitAsync(repeat: 3);
        await _api.EndAsync(damaged, RunState.Succeeded, "{ no report");

        await NamedAsync(404, "00000000000000000000");
        await NamedAsync(404, "not-a-run");
        await NamedAsync(409, unfinished.ToString());
        await NamedAsync(400, empty.ToString());
        await NamedAsync(500, damaged.ToString());

        async Task NamedAsync(int status, string run) => Assert.Contains(run, Detail(await _api.GetAsync($"/api/compare?runs={good},{run}", status)), StringComparison.Ordinal);
    }

    private static string Detail(JsonElement problem) => problem.GetProperty("detail").GetString()!;
}
