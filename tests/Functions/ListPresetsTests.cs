using ReidCloud.Specs;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Functions;

public sealed class ListPresetsTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task Lists_every_preset()
    {
        await using var api = await ApiServer.StartAsync(azurite);
        var list = await api.GetAsync("/api/presets");

        Assert.Equal(
            Presets.All.Select(preset => preset.Name),
            list.GetProperty("presets").EnumerateArray().Select(preset => preset.GetProperty("name").GetString()));
    }
}
