using ReidCloud.Functions.Api;
using ReidCloud.Runs;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Functions;

public sealed class GetHealthTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task Is_healthy_when_the_storage_answers()
    {
        await using var api = await ApiServer.StartAsync(azurite);
        var health = await api.GetAsync("/api/health");

        Assert.True(health.GetProperty("healthy").GetBoolean());
        Assert.StartsWith("0.", health.GetProperty("version").GetString());
    }

    [Fact]
    public async Task However_many_ask_the_storage_is_asked_once_a_second()
    {
        await using var storage = await FaultyStorage.StartAsync(azurite);
        var clock = new ManualClock();
        var recent = new RecentHealth(new StorageAccess(await storage.NewSystemAsync()), clock);

        await recent.CheckAsync(default);
        var once = storage.Requests;
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => recent.CheckAsync(default)));
        Assert.Equal(once, storage.Requests);

        clock.Advance(TimeSpan.FromSeconds(2));
        await recent.CheckAsync(default);
        Assert.Equal(2 * once, storage.Requests);
    }

    [Fact]
    public async Task Names_what_is_missing()
    {
        await using var api = await ApiServer.StartAsync(azurite);
        await api.Storage.Queue.DeleteAsync();
        using var response = await api.Client.GetAsync("/api/health");

        Assert.Equal(503, (int)response.StatusCode);
        Assert.Contains("""{"name":"queue","problem":"it does not exist"}""", await response.Content.ReadAsStringAsync());
    }
}
