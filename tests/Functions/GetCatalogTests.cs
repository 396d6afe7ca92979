using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Functions;

public sealed class GetCatalogTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task Names_what_a_spec_may_say()
    {
        await using var api = await ApiServer.StartAsync(azurite);
        var catalog = await api.GetAsync("/api/catalog");

        Assert.Contains("view-distillation", Names("methods"));
        Assert.Contains("resnet50", Names("backbones"));
        Assert.Contains("mars", Names("layouts"));
        Assert.Equal("RunSpec", catalog.GetProperty("schema").GetProperty("title").GetString());

        IEnumerable<string?> Names(string member) => catalog.GetProperty(member).EnumerateArray().Select(name => name.GetString());
    }
}
