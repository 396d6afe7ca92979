using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Functions;

public sealed class GetDatasetTests(AzuriteFixture azurite)
{
    [Theory]
    [InlineData("nowhere")]
    [InlineData("..%2F..%2Fruns")]
    [InlineData("UP")]
    public async Task Says_that_there_is_none_of_that_name(string name)
    {
        await using var api = await ApiServer.StartAsync(azurite);

        Assert.Contains("GET /api/datasets lists", (await api.GetAsync($"/api/datasets/{name}", 404)).GetProperty("detail").GetString());
    }
}
