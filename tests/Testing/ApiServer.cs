using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using ReidCloud.Functions;
using ReidCloud.Runs;

namespace ReidCloud.Tests.Testing;

/// <summary>The Functions app in this process, on a free port and a storage system of its own.</summary>
internal sealed class ApiServer : IAsyncDisposable
{
    private readonly LocalHost _host;

    private ApiServer(LocalHost host)
    {
        _host = host;
        Client = new HttpClient { BaseAddress = host.Address };
    }

    public HttpClient Client { get; }

    public Uri Address => _host.Address;

    public StorageAccess Storage => _host.Services.GetRequiredService<StorageAccess>();

    public T Service<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();

    public static Task<ApiServer> StartAsync(AzuriteFixture azurite, params (string Option, string Value)[] more) => StartAsync(azurite, options => options, more);

    /// <param name="change">What else is told to the host: its key, its log.</param>
    public static async Task<ApiServer> StartAsync(AzuriteFixture azurite, Func<LocalHostOptions, LocalHostOptions> change, params (string Option, string Value)[] more)
    {
        var system = await azurite.NewSystemAsync();
        var values = new Dictionary<string, string?>
        {
            ["ReidCloud:StorageConnection"] = system.StorageConnection,
            ["ReidCloud:StoragePrefix"] = system.StoragePrefix,
        };
        foreach (var (option, value) in more)
        {
            values[$"ReidCloud:{option}"] = value;
        }

        return new ApiServer(await LocalHost.StartAsync(change(new LocalHostOptions(0) { Values = values }), CancellationToken.None));
    }

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? json = null, string contentType = "application/json")
    {
        var request = new HttpRequestMessage(method, path);
        if (json is not null)
        {
            request.Content = new StringContent(json);
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        }

        return Client.SendAsync(request);
    }

    /// <summary>The answer's JSON, once its status is the expected one.</summary>
    public async Task<JsonElement> JsonAsync(HttpMethod method, string path, int status = 200, string? json = null)
    {
        using var response = await SendAsync(method, path, json);
        return await JsonAsync(response, status);
    }

    public Task<JsonElement> GetAsync(string path, int status = 200) => JsonAsync(HttpMethod.Get, path, status);

    public static async Task<JsonElement> JsonAsync(HttpResponseMessage response, int status)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == status, $"expected {status}, was {(int)response.StatusCode}: {text}");
        if (status >= 400)
        {
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        }

        return JsonElement.Parse(text);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _host.StopAsync(CancellationToken.None);
        await _host.DisposeAsync();
    }
}
