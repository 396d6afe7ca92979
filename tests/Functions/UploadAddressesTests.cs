using System.Net;
using System.Text;
using System.Text.Json;
using System.Web;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Sas;
using ReidCloud.Runs;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Functions;

/// <summary>What an address that was given to somebody opens, and that it opens nothing else, before a data set is made and after.</summary>
public sealed class UploadAddressesTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private static readonly HttpClient Http = new();
    private ApiServer _api = null!;

    public async ValueTask InitializeAsync() => _api = await ApiServer.StartAsync(azurite);

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task A_data_set_that_is_ready_is_written_by_nobody_who_was_given_an_address_before()
    {
        var address = await OfferAsync("mine");
        await PutAsync(address, "", ApiDatasets.Zip("p", "q"), HttpStatusCode.Created);

        // Somebody may even have taken a lease, with which one writes what is leased.
        using var lease = new HttpRequestMessage(HttpMethod.Put, $"{address}&comp=lease") { Headers = { { "x-ms-lease-action", "acquire" }, { "x-ms-lease-duration", "-1" } } };
        using var leased = await Http.SendAsync(lease);
        var mine = leased.Headers.GetValues("x-ms-lease-id").Single();
        await _api.JsonAsync(HttpMethod.Put, "/api/datasets/mine");

        await PutAsync(address, "", [1], HttpStatusCode.PreconditionFailed);
        await PutAsync(address, "", [1], HttpStatusCode.PreconditionFailed, mine);
        await PutAsync(address, $"comp=block&blockid={Block(1)}", [1], HttpStatusCode.PreconditionFailed);
        await PutAsync(address, "comp=blocklist", List(), HttpStatusCode.PreconditionFailed);
        var datasets = _api.Service<DatasetStore>();
        var manifest = (await datasets.GetManifestAsync("mine", default))!;
        var file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        await datasets.DownloadUploadAsync("mine", manifest.Blobs[0], file, null, default);
        Assert.Equal(ApiDatasets.Zip("p", "q").Length, new FileInfo(file).Length);
        File.Delete(file);
        Assert.Equal("ready", (await _api.JsonAsync(HttpMethod.Put, "/api/datasets/mine")).GetProperty("state").GetString());
    }

    [Fact]
    public async Task Files_that_were_no_data_set_may_be_replaced()
    {
        await _api.UploadAsync("mine", "no archive"u8.ToArray());
        await _api.JsonAsync(HttpMethod.Put, "/api/datasets/mine", 422);

        await _api.UploadAsync("mine", ApiDatasets.Zip("p", "q"));

        await _api.JsonAsync(HttpMethod.Put, "/api/datasets/mine");
    }

    [Fact]
    public async Task An_upload_that_was_interrupted_goes_on_with_another_address()
    {
        var zip = ApiDatasets.Zip("p", "q");
        await PutAsync(await OfferAsync("mine"), $"comp=block&blockid={Block(1)}", zip[..1000], HttpStatusCode.Created);
        var next = await OfferAsync("mine");

        await PutAsync(next, $"comp=block&blockid={Block(2)}", zip[1000..], HttpStatusCode.Created);
        await PutAsync(next, "comp=blocklist", List(1, 2), HttpStatusCode.Created);

        Assert.Equal(zip, (await _api.Storage.Datasets.GetBlobClient(RunPaths.Upload("mine", ApiDatasets.Archive)).DownloadContentAsync()).Value.Content.ToArray());
        await _api.JsonAsync(HttpMethod.Put, "/api/datasets/mine");
    }

    [Fact]
    public async Task An_address_is_of_one_blob_for_one_purpose_and_for_minutes()
    {
        await _api.AddDatasetAsync("done", "p", "q");
        var run = await _api.SubmitAsync("done");
        await _api.LeaveAsync(run, ("sheet.png", [1]));
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = _api.Address };
        using var sent = await client.GetAsync($"/api/runs/{run}/files/sheet.png");
        var read = sent.Headers.Location!.AbsoluteUri;
        var write = await OfferAsync("mine");

        Assert.Equal(("b", "r", 5), ShapeOf(read));
        Assert.Equal(("b", "w", 10), ShapeOf(write));
        Assert.Equal(HttpStatusCode.OK, (await Http.GetAsync(read)).StatusCode);
        await PutAsync(read, "", [1], HttpStatusCode.Forbidden);
        Assert.Equal(HttpStatusCode.Forbidden, (await Http.GetAsync(read.Replace("files/sheet.png", "report.json", StringComparison.Ordinal))).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await Http.GetAsync(write)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await Http.DeleteAsync(write)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await Http.GetAsync($"{write[..write.IndexOf("/mine/", StringComparison.Ordinal)]}?restype=container&comp=list&{new Uri(write).Query[1..]}")).StatusCode);
    }

    /// <summary>In the cloud no key of the account is anywhere: the machine's identity asks for one of its own, which ends with the address.</summary>
    [Fact]
    public void Signed_by_an_identity_it_is_the_same_and_goes_over_https_only()
    {
        var now = DateTimeOffset.UtcNow;
        var blob = new BlobClient(new Uri("https://reid.blob.core.windows.net/datasets/mine/uploads/a.zip"));
        var key = BlobsModelFactory.UserDelegationKey("object", "tenant", "b", "2021-12-02", Convert.ToBase64String(new byte[32]), now.AddMinutes(10), now);

        var address = StorageAccess.Delegated(blob.Uri, StorageAccess.Sas(blob, BlobSasPermissions.Write, now, TimeSpan.FromMinutes(10), null), key, "reid").AbsoluteUri;

        Assert.Equal(("b", "w", 10), ShapeOf(address));
        var query = HttpUtility.ParseQueryString(new Uri(address).Query);
        Assert.Equal(("https", "object", "tenant"), (query["spr"], query["skoid"], query["sktid"]));
        Assert.StartsWith(blob.Uri.AbsoluteUri, address, StringComparison.Ordinal);
    }

    private static (string? Resource, string? Permissions, int Minutes) ShapeOf(string address)
    {
        var query = HttpUtility.ParseQueryString(new Uri(address).Query);
        return (query["sr"], query["sp"], (int)Math.Ceiling((DateTimeOffset.Parse(query["se"]!, null) - DateTimeOffset.UtcNow).TotalMinutes));
    }

    private static string Block(int number) => Uri.EscapeDataString(Convert.ToBase64String(Encoding.ASCII.GetBytes($"{number:D8}")));

    private static byte[] List(params int[] blocks) => Encoding.UTF8.GetBytes(
        $"""<?xml version="1.0" encoding="utf-8"?><BlockList>{string.Concat(blocks.Select(block => $"<Latest>{Uri.UnescapeDataString(Block(block))}</Latest>"))}</BlockList>""");

    private static async Task PutAsync(string address, string query, byte[] content, HttpStatusCode expected, string? lease = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, query.Length > 0 ? $"{address}&{query}" : address) { Content = new ByteArrayContent(content) };
        if (query.Length == 0)
        {
            request.Headers.Add("x-ms-blob-type", "BlockBlob");
        }

        request.Headers.Add("x-ms-version", "2021-12-02");
        if (lease is not null)
        {
            request.Headers.Add("x-ms-lease-id", lease);
        }

        using var answer = await Http.SendAsync(request);
        Assert.True(answer.StatusCode == expected, $"{query}: expected {expected}, was {answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
    }

    private async Task<string> OfferAsync(string dataset) =>
        (await _api.JsonAsync(HttpMethod.Post, $"/api/datasets/{dataset}/uploads", 200, JsonSerializer.Serialize(new { file = ApiDatasets.Archive }))).GetProperty("url").GetString()!;
}
