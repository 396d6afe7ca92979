using System.Net;
using System.Text.Json;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Functions;

public sealed class CreateUploadsTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private ApiServer _api = null!;

    public async ValueTask InitializeAsync() => _api = await ApiServer.StartAsync(azurite, ("UploadValidity", "00:01:00"));

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task Gives_an_address_that_takes_this_file_and_no_other()
    {
        var offer = await _api.JsonAsync(HttpMethod.Post, "/api/datasets/mine/uploads", 200, """{"file":"a/b c.zip"}""");
        var address = offer.GetProperty("url").GetString()!;
        using var client = new HttpClient();

        Assert.Equal(HttpStatusCode.Created, await PutAsync(client, address));
        Assert.Equal(HttpStatusCode.Forbidden, await PutAsync(client, address.Replace("b%20c.zip", "other.zip", StringComparison.Ordinal)));
        Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync(address)).StatusCode);
        Assert.True(offer.GetProperty("expiresAt").GetDateTimeOffset() <= DateTimeOffset.UtcNow.AddMinutes(1));
    }

    [Theory]
    [InlineData("../a.zip")]
    [InlineData("/a.zip")]
    [InlineData("a//b.zip")]
    [InlineData("a\\b.zip")]
    [InlineData("")]
    [InlineData("a/./b")]
    [InlineData("a\nb")]
    public async Task Refuses_a_file_name_that_leaves_its_folder(string file)
    {
        var problem = await _api.JsonAsync(HttpMethod.Post, "/api/datasets/mine/uploads", 400, JsonSerializer.Serialize(new { file }));

        Assert.Equal("$.file", Assert.Single(problem.GetProperty("errors").EnumerateArray()).GetProperty("path").GetString());
    }

    [Theory]
    [InlineData("..%2Fx")]
    [InlineData("a%5Cb")]
    [InlineData("Upper")]
    [InlineData("a.b")]
    [InlineData("-a")]
    public async Task Refuses_a_data_set_name_with_characters_of_paths(string name)
    {
        var problem = await _api.JsonAsync(HttpMethod.Post, $"/api/datasets/{name}/uploads", 400, """{"file":"a.zip"}""");

        Assert.Equal("name", Assert.Single(problem.GetProperty("errors").EnumerateArray()).GetProperty("path").GetString());
    }

    [Fact]
    public async Task A_committed_data_set_takes_no_more_files()
    {
        await _api.AddDatasetAsync("done", "p", "q");
        var problem = await _api.JsonAsync(HttpMethod.Post, "/api/datasets/done/uploads", 409, """{"file":"more.zip"}""");

        Assert.Contains("under another name", problem.GetProperty("detail").GetString());
    }

    private static async Task<HttpStatusCode> PutAsync(HttpClient client, string address)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, address) { Content = new ByteArrayContent([1]), Headers = { { "x-ms-blob-type", "BlockBlob" } } };
        return (await client.SendAsync(request)).StatusCode;
    }
}
