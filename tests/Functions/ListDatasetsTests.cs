using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Functions;

public sealed class ListDatasetsTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task Goes_on_page_by_page_in_order_of_names()
    {
        await using var api = await ApiServer.StartAsync(azurite);
        foreach (var name in new[] { "cc", "aa", "bb" })
        {
            await api.AddDatasetAsync(name, "p", "q");
        }

        var names = new List<string>();
        for (var query = "?limit=2"; query is not null;)
        {
            var page = await api.GetAsync($"/api/datasets{query}");
            names.AddRange(page.GetProperty("datasets").EnumerateArray().Select(dataset => dataset.GetProperty("name").GetString()!));
            query = page.TryGetProperty("continue", out var next) ? $"?limit=2&continue={Uri.EscapeDataString(next.GetString()!)}" : null;
        }

        Assert.Equal(["aa", "bb", "cc"], names);
    }

    [Theory]
    [InlineData("?limit=0", "?limit")]
    [InlineData("?limit=many", "?limit")]
    [InlineData("?limt=5", "?limt")]
    public async Task Refuses_a_query_that_cannot_be(string query, string path)
    {
        await using var api = await ApiServer.StartAsync(azurite);
        var problem = await api.GetAsync($"/api/datasets{query}", 400);

        Assert.Equal(path, Assert.Single(problem.GetProperty("errors").EnumerateArray()).GetProperty("path").GetString());
    }
}
