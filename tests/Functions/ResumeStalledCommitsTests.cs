using Microsoft.Extensions.Logging.Abstractions;
using ReidCloud.Datasets;
using ReidCloud.Functions;
using ReidCloud.Runs;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Functions;

public sealed class ResumeStalledCommitsTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private ApiServer _api = null!;

    public async ValueTask InitializeAsync()
    {
        _api = await ApiServer.StartAsync(azurite);
        await _api.UploadAsync("mine", ApiDatasets.Zip("p", "q"));
        await _api.UploadAsync("mine", ApiDatasets.Zip("p", "q"), "not-meant.zip");
        var begun = await _api.Service<DatasetStore>().BeginCommitAsync("mine", new CommitRequest { Files = [ApiDatasets.Archive] }, default);
        await begun.Work!.DisposeAsync();
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task A_commit_whose_process_died_is_begun_again()
    {
        await SweepAsync(TimeSpan.FromMinutes(5));

        await ReadyAsync();
    }

    /// <summary>The names are swept in their order.</summary>
    [Fact]
    public async Task One_that_is_damaged_or_cannot_go_on_stops_no_other()
    {
        await _api.UploadAsync("damaged", ApiDatasets.Zip("p", "q"));
        await _api.UploadAsync("lost", ApiDatasets.Zip("p", "q"));
        foreach (var name in new[] { "damaged", "lost" })
        {
            await (await _api.Service<DatasetStore>().BeginCommitAsync(name, new CommitRequest { Files = [ApiDatasets.Archive] }, default)).Work!.DisposeAsync();
        }

        var commit = _api.Storage.Datasets.GetBlobClient(RunPaths.Commit("damaged"));
        await commit.UploadAsync(BinaryData.FromString("{\"state\":"), overwrite: true);
        await _api.Storage.Datasets.GetBlobClient(RunPaths.Upload("lost", ApiDatasets.Archive)).DeleteAsync();

        await SweepAsync(TimeSpan.FromMinutes(5));

        await ReadyAsync();
        var listed = (await _api.GetAsync("/api/datasets")).GetProperty("datasets").EnumerateArray().ToDictionary(view => view.GetProperty("name").GetString()!);
        Assert.Equal(["damaged", "lost", "mine"], listed.Keys.Order());
        Assert.Contains("commit.json' is damaged", listed["damaged"].GetProperty("failure").GetString());
        Assert.Contains("commit.json' is damaged", (await _api.GetAsync("/api/datasets/damaged")).GetProperty("failure").GetString());
        Assert.Contains("under another name", (await _api.JsonAsync(HttpMethod.Put, "/api/datasets/damaged", 409)).GetProperty("detail").GetString());
    }

    [Fact]
    public async Task A_commit_heard_of_a_moment_ago_is_left_alone()
    {
        await SweepAsync(TimeSpan.Zero);

        Assert.Equal(DatasetState.Committing, (await _api.Service<DatasetStore>().GetCommitAsync("mine", default))!.State);
    }

    private async Task ReadyAsync()
    {
        for (var tries = 0; tries < 300 && (await _api.Service<DatasetStore>().GetCommitAsync("mine", default))!.State == DatasetState.Committing; tries++)
        {
            await Task.Delay(100);
        }

        Assert.NotNull(await _api.Service<DatasetStore>().GetManifestAsync("mine", default));
    }

    private Task SweepAsync(TimeSpan later) => new ResumeStalledCommits(
        _api.Service<DatasetStore>(),
        _api.Service<DatasetCommits>(),
        new ManualClock(DateTimeOffset.UtcNow + later),
        NullLogger<ResumeStalledCommits>.Instance).RunAsync(new(), default);
}
