using ReidCloud.Specs;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Functions;

public sealed class GetPresetTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task Shows_a_spec_that_can_be_submitted()
    {
        await using var api = await ApiServer.StartAsync(azurite);
        var preset = await api.GetAsync("/api/presets/debug-teacher");
        var spec = preset.GetProperty("spec");
        await api.AddDatasetAsync(spec.GetProperty("dataset").GetString()!, "p", "q");

        await api.JsonAsync(HttpMethod.Post, "/api/runs", 202, spec.GetRawText());
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("..%2Fruns")]
    public async Task Names_the_presets_there_are_when_asked_for_another(string name)
    {
        await using var api = await ApiServer.StartAsync(azurite);
        var problem = await api.GetAsync($"/api/presets/{name}", 404);

        Assert.All(Presets.All, preset => Assert.Contains(preset.Name, problem.GetProperty("detail").GetString()));
    }
}
