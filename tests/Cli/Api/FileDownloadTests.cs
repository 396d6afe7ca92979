using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using ReidCloud.Cli;
using ReidCloud.Cli.Api;
using ReidCloud.Runs;

namespace ReidCloud.Tests.Cli.Api;

public sealed class FileDownloadTests : IDisposable
{
    private static readonly byte[] Content = [.. Enumerable.Range(0, 1000).Select(i => (byte)(i * 7))];
    private static readonly RunFileView File = new("a.bin", Content.Length, Convert.ToHexStringLower(SHA256.HashData(Content)), "/there");

    private readonly string _folder = Directory.CreateTempSubdirectory("reid-download-").FullName;

    [Fact]
    public async Task Goes_on_where_it_broke_with_a_new_address_and_sends_no_key_along()
    {
        var store = new BreakingStore(every: 300);
        using var http = new HttpClient(store);
        var offers = 0;
        var arrived = new List<long>();
        var download = new FileDownload(http, _ => Task.FromResult(new Uri($"http://store/a?try={offers++}")));

        await download.SaveAsync(File, _folder, arrived.Add, CancellationToken.None);

        Assert.Equal(Content, await System.IO.File.ReadAllBytesAsync(Path.Combine(_folder, "a.bin")));
        Assert.Equal(["0 ?try=0", "300 ?try=1", "600 ?try=2", "900 ?try=3"], store.Asked);
        Assert.Equal(1000, arrived[^1]);
        Assert.Empty(store.Keys);
        Assert.Equal(["a.bin"], Directory.EnumerateFiles(_folder).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Gives_the_name_to_nothing_but_the_very_content()
    {
        using var http = new HttpClient(new BreakingStore(every: 2000));
        var download = new FileDownload(http, _ => Task.FromResult(new Uri("http://store/a")));

        var fault = await Assert.ThrowsAsync<CommandException>(() => download.SaveAsync(File with { Sha256 = "0" }, _folder, _ => { }, CancellationToken.None));

        Assert.Contains("arrived damaged", fault.Message, StringComparison.Ordinal);
        Assert.False(System.IO.File.Exists(Path.Combine(_folder, "a.bin")));
    }

    [Fact]
    public async Task An_address_on_another_host_is_not_followed_with_the_key()
    {
        var api = new Redirect();
        using var client = new ReidClient(new Uri("http://api/"), "secret", api);

        var address = await client.WeightsAddressAsync("a", CancellationToken.None);

        Assert.Equal("http://store/a?sig=1", address.ToString());
        Assert.Equal(["api secret"], api.Asked);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Ends each answer after so many bytes.</summary>
    private sealed class BreakingStore(int every) : HttpMessageHandler
    {
        public List<string> Asked { get; } = [];

        public List<string> Keys { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var from = (int)request.Headers.Range!.Ranges.Single().From!;
            Asked.Add($"{from} {request.RequestUri!.Query}");
            Keys.AddRange(request.Headers.Where(header => header.Key.Contains("key", StringComparison.OrdinalIgnoreCase)).Select(header => header.Key));
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.PartialContent)
            {
                Content = new ByteArrayContent(Content[from..Math.Min(Content.Length, from + every)])
                {
                    Headers = { ContentRange = new ContentRangeHeaderValue(from, Content.Length - 1, Content.Length) },
                },
            });
        }
    }

    private sealed class Redirect : HttpMessageHandler
    {
        public List<string> Asked { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Asked.Add($"{request.RequestUri!.Host} {string.Join(',', request.Headers.GetValues("x-functions-key"))}");
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.Redirect) { Headers = { Location = new Uri("http://store/a?sig=1") } });
        }
    }
}
