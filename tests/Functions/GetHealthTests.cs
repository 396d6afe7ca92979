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
    public async Task Names_what_is_missing()
    {
        await using var api = await ApiServer.StartAsync(azurite);
        await api.Storage.Queue.DeleteAsync();
        using var response = await api.Client.GetAsync("/api/health");

        Assert.Equal(503, (int)response.StatusCode);
        Assert.Contains("""{"name":"queue","problem":"it does not exist"}""", await response.Content.ReadAsStringAsync());
    }
}
