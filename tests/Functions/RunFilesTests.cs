using System.Net;
using ReidCloud.Reports;
using ReidCloud.Runs;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Functions;

/// <summary>ListRunFiles, GetRunFile and OfferRunFile.</summary>
public sealed class RunFilesTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private static readonly HttpClient Anyone = new();

    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false });
    private ApiServer _api = null!;
    private RunId _run;

    public async ValueTask InitializeAsync()
    {
        _api = await ApiServer.StartAsync(azurite);
        _client.BaseAddress = _api.Address;
        await _api.AddDatasetAsync("mine", "p", "q");
        _run = await _api.SubmitAsync();
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return _api.DisposeAsync();
    }

    [Fact]
    public async Task Lists_what_the_run_left_and_its_checkpoint()
    {
        await _api.LeaveAsync(_run, ("distances.csv", "0.5"u8.ToArray()), ("map.png", [1, 2, 3]));

        var files = (await _api.GetAsync($"/api/runs/{_run}/files")).GetProperty("files").EnumerateArray().ToList();

        Assert.Equal(["distances.csv", "map.png", "checkpoint.safetensors"], files.Select(file => file.GetProperty("name").GetString()));
        Assert.Equal([3, 3, 4], files.Select(file => file.GetProperty("length").GetInt32()));
        Assert.Equal(Sha256([1, 2, 3]), files[1].GetProperty("sha256").GetString());
        Assert.Equal($"/api/runs/{_run}/files/map.png", files[1].GetProperty("address").GetString());
        Assert.Equal($"/api/runs/{_run}/files", (await _api.GetAsync($"/api/runs/{_run}")).GetProperty("links").GetProperty("files").GetString());
    }

    [Fact]
    public async Task Offers_the_same_address_to_who_cannot_follow_with_a_key()
    {
        await _api.LeaveAsync(_run, ("map.png", "a picture"u8.ToArray()));

        var offer = await _api.JsonAsync(HttpMethod.Post, $"/api/runs/{_run}/files/map.png/address");

        Assert.Equal("a picture", await Anyone.GetStringAsync(offer.GetProperty("url").GetString()));
        Assert.InRange(offer.GetProperty("expiresAt").GetDateTimeOffset(), DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddMinutes(10));
        await _api.JsonAsync(HttpMethod.Post, $"/api/runs/{_run}/files/..%2Fspec.json/address", 404);
        await _api.JsonAsync(HttpMethod.Post, $"/api/runs/{_run}/files/other.png/address", 404);
    }

    [Theory]
    [InlineData("map.png", "a picture")]
    [InlineData("checkpoint.safetensors", "last")]
    public async Task Sends_on_to_an_address_that_opens_this_file_to_anyone_and_nothing_else(string name, string content)
    {
        await _api.LeaveAsync(_run, ("map.png", "a picture"u8.ToArray()));

        using var answer = await _client.GetAsync($"/api/runs/{_run}/files/{name}");

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.True(answer.Headers.CacheControl!.NoStore);
        var address = answer.Headers.Location!;
        using var file = await Anyone.GetAsync(address);
        Assert.Equal(content, await file.Content.ReadAsStringAsync());
        Assert.Equal(name, file.Content.Headers.ContentDisposition!.FileName);
        using var other = await Anyone.GetAsync(new UriBuilder(address) { Path = address.AbsolutePath.Replace("attempt-1", "attempt-2", StringComparison.Ordinal) }.Uri);
        using var written = await Anyone.PutAsync(address, new ByteArrayContent([1]) { Headers = { { "x-ms-blob-type", "BlockBlob" } } });
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (other.StatusCode, written.StatusCode));
        Assert.Contains("se=", address.Query, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("report.html.html")]
    [InlineData("page.html")]
    [InlineData("picture.svg")]
    public async Task No_other_file_of_a_run_comes_as_a_page(string name)
    {
        await _api.LeaveAsync(_run, (name, "<script>alert(1)</script>"u8.ToArray()));

        using var answer = await _client.GetAsync($"/api/runs/{_run}/files/{name}");

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        using var file = await Anyone.GetAsync(answer.Headers.Location!);
        Assert.Equal("attachment", file.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Equal("application/octet-stream", file.Content.Headers.ContentType!.MediaType);
    }

    [Theory]
    [InlineData("report.json")]
    [InlineData("..%2Freport.json")]
    [InlineData("%2E%2E%2F%2E%2E%2Fspec.json")]
    [InlineData("files%5Cmap.png")]
    public async Task Names_those_there_are_where_one_is_not(string name)
    {
        await _api.LeaveAsync(_run, ("map.png", [1]));

        var detail = (await _api.GetAsync($"/api/runs/{_run}/files/{name}", 404)).GetProperty("detail").GetString();

        Assert.Contains("It has: map.png, checkpoint.safetensors.", detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("files")]
    [InlineData("files/map.png")]
    public async Task Says_why_there_are_none(string path)
    {
        Assert.Contains("no report yet: it is queued", (await _api.GetAsync($"/api/runs/{_run}/{path}", 409)).GetProperty("detail").GetString(), StringComparison.Ordinal);
        await _api.EndAsync(_run, RunState.Failed);
        Assert.Contains("the loss is not a number", (await _api.GetAsync($"/api/runs/{_run}/{path}", 409)).GetProperty("detail").GetString(), StringComparison.Ordinal);
        await _api.GetAsync($"/api/runs/00000000000000000000/{path}", 404);
    }

    [Theory]
    [InlineData("distances-image-to-video.safetensors", true)]
    [InlineData("0001C1T0001F001.png", true)]
    [InlineData("report.json", false)]
    [InlineData("checkpoint.safetensors", false)]
    [InlineData("best.safetensors", false)]
    [InlineData("../a", false)]
    [InlineData("a/b", false)]
    [InlineData(".a", false)]
    [InlineData("a.", false)]
    [InlineData("a\n", false)]
    [InlineData("", false)]
    public void A_name_means_the_same_everywhere_or_may_not_be(string name, bool free) => Assert.Equal(free, RunFileName.IsFree(name));

    private static string Sha256(byte[] bytes) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes));
}
