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

    /// <summary>DNS rebinding: a page under a name that its owner points at this machine.</summary>
    [Theory]
    [InlineData("evil.example")]
    [InlineData("127.0.0.1.evil.example")]
    [InlineData("localhost.evil.example:7071")]
    [InlineData("10.0.0.1")]
    public async Task Refuses_a_name_that_is_not_this_machines(string host)
    {
        using var response = await AskAsync(("Host", host));

        Assert.Contains("localhost", (await ApiServer.JsonAsync(response, 421)).GetProperty("detail").GetString());
    }

    [Theory]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Origin", "http://127.0.0.1:1")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    public async Task Refuses_pages_of_other_sites(string header, string value)
    {
        using var response = await AskAsync((header, value));

        await ApiServer.JsonAsync(response, 403);
        Assert.DoesNotContain(response.Headers, sent => sent.Key.StartsWith("Access-Control-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Lets_its_own_pages_and_those_who_type_the_address_in()
    {
        using var own = await AskAsync(("Origin", _api.Address.GetLeftPart(UriPartial.Authority)), ("Sec-Fetch-Site", "same-origin"));
        using var typed = await AskAsync(("Sec-Fetch-Site", "none"), ("Host", $"localhost:{_api.Address.Port}"));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (own.StatusCode, typed.StatusCode));
    }

    [Theory]
    [InlineData("0.0.0.0", null)]
    [InlineData("::", "")]
    [InlineData("0.0.0.0", "guessed")]
    [InlineData("127.0.0.1", "guessed")]
    public async Task Does_not_listen_beyond_this_machine_without_a_key(string address, string? key)
    {
        var options = new LocalHostOptions(0)
        {
            Address = address,
            Key = key,
            Values = new Dictionary<string, string?> { ["ReidCloud:StorageConnection"] = await azurite.ConnectionAsync() },
        };

        Assert.Contains("REIDCLOUD_FUNCTIONS_KEY", (await Assert.ThrowsAsync<LocalHostException>(() => LocalHost.StartAsync(options, default))).Message);
    }

    [Fact]
    public async Task Demands_the_key_that_it_was_given_for_everything_but_health_and_the_page()
    {
        const string Key = "a key that nobody guesses";
        var system = await azurite.NewSystemAsync();
        var options = new LocalHostOptions(0)
        {
            Key = Key,
            Values = new Dictionary<string, string?> { ["ReidCloud:StorageConnection"] = system.StorageConnection, ["ReidCloud:StoragePrefix"] = system.StoragePrefix },
        };
        await using var host = await LocalHost.StartAsync(options, default);
        using var client = new HttpClient { BaseAddress = host.Address };
        foreach (var function in FunctionScan.Http)
        {
            foreach (var verb in function.Verbs)
            {
                using var refused = await client.SendAsync(new HttpRequestMessage(new HttpMethod(verb), PathOf(function)));
                Assert.Equal((function.Name, function.Name is nameof(GetHealth) or nameof(GetPage)), (function.Name, refused.StatusCode != HttpStatusCode.Unauthorized));
            }
        }

        using (var refused = await client.GetAsync("/api/runs"))
        {
            IsDataToABrowser(refused);
        }

        using var wrong = await client.GetAsync("/api/runs?code=a+key+that+nobody+guesset");
        using var asked = await client.GetAsync($"/api/runs?code={Uri.EscapeDataString(Key)}");
        client.DefaultRequestHeaders.Add("x-functions-key", Key);
        using var shown = await client.GetAsync("/api/runs");

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK, HttpStatusCode.OK), (wrong.StatusCode, asked.StatusCode, shown.StatusCode));
    }

    [Fact]
    public async Task Every_answer_but_the_page_is_data_to_a_browser_refusals_and_redirects_included()
    {
        await _api.AddDatasetAsync("mine", "p", "q");
        var run = await _api.SubmitAsync();
        await _api.LeaveAsync(run, ("sheet.png", [1]));
        var answers = new List<HttpResponseMessage>
        {
            await AskAsync(("Host", "evil.example")),
            await AskAsync(("Origin", "null")),
            await _api.SendAsync(HttpMethod.Get, "/api/nothing"),
            await _api.SendAsync(HttpMethod.Patch, "/api/health"),
            await _api.SendAsync(HttpMethod.Post, "/api/runs", new string(' ', (1 << 20) + 1)),
        };
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = _api.Address };
        answers.Add(await client.GetAsync($"/api/runs/{run}/files/sheet.png"));
        foreach (var function in FunctionScan.Http)
        {
            answers.Add(await client.SendAsync(new HttpRequestMessage(new HttpMethod(function.Verbs[0]), PathOf(function))));
        }

        answers.Add(await client.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/api/openapi.json") { Headers = { { "If-None-Match", "*" } } }));
        await _api.Storage.Runs.GetBlobClient(ReidCloud.Runs.RunPaths.Status(run)).UploadAsync(BinaryData.FromString("?"), overwrite: true);
        answers.Add(await client.GetAsync($"/api/runs/{run}"));

        Assert.Superset(new HashSet<int> { 200, 302, 304, 400, 403, 404, 405, 413, 421, 500 }, answers.Select(answer => (int)answer.StatusCode).ToHashSet());
        Assert.All(answers, answer =>
        {
            IsDataToABrowser(answer);
            answer.Dispose();
        });
        using var secure = await AskAsync(("X-Forwarded-Proto", "https"));
        Assert.Contains("max-age=", secure.Headers.GetValues("Strict-Transport-Security").Single());
    }

    [Fact]
    public async Task Refuses_addresses_and_headers_that_are_too_long()
    {
        Assert.Equal(HttpStatusCode.RequestUriTooLong, (await _api.Client.GetAsync($"/api/runs?continue={new string('a', 20_000)}")).StatusCode);
        Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, (await AskAsync(("X-Long", new string('a', 40_000)))).StatusCode);
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

        var detail = (await _api.GetAsync($"/api/runs/{run}", 500)).GetProperty("detail").GetString();

        Assert.StartsWith($"What is stored for /api/runs/{run} is damaged. The API's log says more, under trace ", detail);
        Assert.DoesNotContain("JSON", detail);
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

    private static void IsDataToABrowser(HttpResponseMessage answer)
    {
        string Header(string name) => string.Join(", ", answer.Headers.GetValues(name));
        Assert.Equal("nosniff", Header("X-Content-Type-Options"));
        Assert.Equal("default-src 'none'; frame-ancestors 'none'", Header("Content-Security-Policy"));
        Assert.Equal("no-referrer", Header("Referrer-Policy"));
        Assert.True(answer.Headers.CacheControl is { NoStore: true } or { NoCache: true });
        Assert.False(answer.Headers.Contains("Server"));
        Assert.DoesNotContain(answer.Headers, sent => sent.Key.StartsWith("Access-Control-", StringComparison.Ordinal));
    }

    private static string PathOf(HttpFunction function) => function.Path.Replace("{id}", "00000000000000000000", StringComparison.Ordinal).Replace("{name}", "none", StringComparison.Ordinal);

    private Task<HttpResponseMessage> AskAsync(params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/health");
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return _api.Client.SendAsync(request);
    }
}
