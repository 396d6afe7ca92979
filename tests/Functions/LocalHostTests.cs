using System.Net;
using System.Net.Sockets;
using ReidCloud.Functions;
using ReidCloud.Functions.Local;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Functions;

public sealed class LocalHostTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private ApiServer _api = null!;

    public async ValueTask InitializeAsync() => _api = await ApiServer.StartAsync(azurite);

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task Explains_a_path_that_is_not_there()
    {
        var problem = await _api.GetAsync("/api/nothing", 404);

        Assert.Equal("/api/nothing", problem.GetProperty("instance").GetString());
        Assert.Contains("openapi.json", problem.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Explains_a_method_that_is_not_answered()
    {
        using var response = await _api.SendAsync(HttpMethod.Patch, "/api/health");
        var problem = await ApiServer.JsonAsync(response, 405);

        Assert.Contains("GET", response.Content.Headers.Allow);
        Assert.Contains("only GET", problem.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Refuses_a_name_that_is_not_this_machines()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/health") { Headers = { Host = "evil.example" } };

        Assert.Equal(HttpStatusCode.BadRequest, (await _api.Client.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task Says_what_to_do_when_the_port_is_taken()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var options = new LocalHostOptions(port) { Values = new Dictionary<string, string?> { ["ReidCloud:StorageConnection"] = await azurite.ConnectionAsync() } };
        var exception = await Assert.ThrowsAsync<LocalHostException>(() => LocalHost.StartAsync(options, CancellationToken.None));

        Assert.Contains($"Port {port} is taken", exception.Message);
        Assert.Contains("--port", exception.Message);
    }

    [Theory]
    [InlineData("--prot", "1")]
    [InlineData("--port")]
    [InlineData("--port", "high")]
    [InlineData("--port", "65536")]
    [InlineData("7071")]
    public void Refuses_arguments_that_it_does_not_understand(params string[] args) =>
        Assert.Throws<LocalHostException>(() => LocalHost.Options(args));

    [Fact]
    public void Listens_to_this_machine_on_the_tools_port_unless_told()
    {
        Assert.Equal((7071, "127.0.0.1"), (LocalHost.Options([]).Port, LocalHost.Options([]).Address));
        Assert.Equal((9000, "0.0.0.0"), (LocalHost.Options(["--port", "9000"]).Port, LocalHost.Options(["--address", "0.0.0.0"]).Address));
    }

    [Fact]
    public async Task Says_what_to_do_when_the_storage_is_out_of_reach()
    {
        var options = new LocalHostOptions(0)
        {
            Values = new Dictionary<string, string?>
            {
                ["ReidCloud:StorageConnection"] =
                    "DefaultEndpointsProtocol=http;AccountName=a;AccountKey=AAAA;BlobEndpoint=http://127.0.0.1:9/a;QueueEndpoint=http://127.0.0.1:9/a;",
            },
        };
        var exception = await Assert.ThrowsAsync<LocalHostException>(() => LocalHost.StartAsync(options, CancellationToken.None));

        Assert.Contains("./reid up", exception.Message);
        Assert.Contains("ReidCloud__StorageConnection", exception.Message);
    }

    [Fact]
    public async Task A_fault_of_ours_is_a_problem_document_too()
    {
        await _api.AddDatasetAsync("mine", "p", "q");
        var run = await _api.SubmitAsync();
        await _api.Storage.Runs.GetBlobClient(ReidCloud.Runs.RunPaths.Status(run)).UploadAsync(BinaryData.FromString("?"), overwrite: true);

        Assert.Contains("is damaged", (await _api.GetAsync($"/api/runs/{run}", 500)).GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Does_not_start_on_options_that_cannot_be_used()
    {
        var options = new LocalHostOptions(0)
        {
            Values = new Dictionary<string, string?>
            {
                ["ReidCloud:StorageConnection"] = await azurite.ConnectionAsync(),
                ["ReidCloud:LeaseSeconds"] = "5",
            },
        };
        var exception = await Assert.ThrowsAsync<OptionsException>(() => LocalHost.StartAsync(options, CancellationToken.None));

        Assert.Contains("ReidCloud__LeaseSeconds", exception.Message);
    }

    [Fact]
    public async Task An_answer_that_the_client_has_already_is_not_sent_again()
    {
        using var first = await _api.Client.GetAsync("/api/openapi.json");
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/openapi.json") { Headers = { { "If-None-Match", first.Headers.ETag!.ToString() } } };
        using var second = await _api.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        Assert.Equal(first.Headers.ETag, second.Headers.ETag);
    }
}
