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

        Assert.NotNull(await _api.Service<DatasetStore>().GetManifestAsync("mine", default));
    }

    [Fact]
    public async Task A_commit_heard_of_a_moment_ago_is_left_alone()
    {
        await SweepAsync(TimeSpan.Zero);

        Assert.Equal(DatasetState.Committing, (await _api.Service<DatasetStore>().GetCommitAsync("mine", default))!.State);
    }

    private Task SweepAsync(TimeSpan later) => new ResumeStalledCommits(
        _api.Service<DatasetStore>(),
        _api.Service<DatasetCommits>(),
        new ManualClock(DateTimeOffset.UtcNow + later),
        NullLogger<ResumeStalledCommits>.Instance).RunAsync(new(), default);
}
