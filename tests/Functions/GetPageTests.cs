using System.Net;
using System.Text.RegularExpressions;
using ReidCloud.Functions.Api;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Functions;

public sealed partial class GetPageTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private ApiServer _api = null!;

    public async ValueTask InitializeAsync() => _api = await ApiServer.StartAsync(azurite);

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task Every_file_of_the_page_says_what_it_is_and_lets_a_browser_run_and_load_nothing_of_others()
    {
        Assert.Contains(PageFile.Start, PageFile.Names);
        foreach (var name in PageFile.Names.Append(""))
        {
            using var answer = await _api.Client.GetAsync($"/{name}");

            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal(TypeOf(name), answer.Content.Headers.ContentType?.MediaType);
            Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.Equal("no-referrer", answer.Headers.GetValues("Referrer-Policy").Single());
            Assert.True(answer.Headers.CacheControl?.NoCache);
            var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
            Assert.StartsWith("default-src 'none'; script-src 'self'; style-src 'self' 'sha256-", policy);
            Assert.EndsWith("; img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'; require-trusted-types-for 'script'; trusted-types 'none'", policy);
            Assert.DoesNotContain("unsafe", policy);
        }
    }

    [Fact]
    public async Task The_page_has_no_script_or_style_inside_and_takes_nothing_from_elsewhere()
    {
        var page = await _api.Client.GetStringAsync("/");

        Assert.DoesNotMatch(Inside(), page);
        Assert.All(References().Matches(page).Select(match => match.Groups[1].Value), reference => Assert.True(
            reference[0] == '#' || reference == "/api/openapi.json" || PageFile.Names.Contains(reference), reference));
        Assert.All(PageFile.Names, name => Assert.DoesNotMatch(Elsewhere(), _api.Client.GetStringAsync($"/{name}").Result));
    }

    [Fact]
    public async Task What_a_browser_has_already_is_not_sent_again()
    {
        using var first = await _api.Client.GetAsync("/app.js");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/app.js") { Headers = { { "If-None-Match", first.Headers.ETag!.ToString() } } };
        using var second = await _api.Client.SendAsync(request);

        Assert.Equal((HttpStatusCode.NotModified, 0), (second.StatusCode, (await second.Content.ReadAsByteArrayAsync()).Length));
        Assert.True(second.Headers.Contains("Content-Security-Policy"));
    }

    [Theory]
    [InlineData("nothing.js")]
    [InlineData("App.js")]
    [InlineData("..%2Fhost.json")]
    [InlineData("host.json")]
    [InlineData("%2e%2e%2f%2e%2e%2fetc%2fpasswd")]
    [InlineData("web%2Fapp.js")]
    [InlineData("app.js%0a")]
    public async Task A_name_only_ever_chooses_among_the_pages_files(string name)
    {
        Assert.Contains("The web page is at /", (await _api.GetAsync($"/{name}", 404)).GetProperty("detail").GetString());
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".css" => "text/css",
        ".js" => "text/javascript",
        ".svg" => "image/svg+xml",
        _ => "text/html",
    };

    [GeneratedRegex(@"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)|javascript:", RegexOptions.IgnoreCase)]
    private static partial Regex Inside();

    [GeneratedRegex("(?:href|src)=\"([^\"]*)\"")]
    private static partial Regex References();

    /// <summary>An address with a host, but for the name of SVG's elements.</summary>
    [GeneratedRegex(@"(?:https?:)?//(?!www\.w3\.org/2000/svg)[\w-]+\.[\w.-]+", RegexOptions.IgnoreCase)]
    private static partial Regex Elsewhere();
}
