using System.Net;
using System.Text;
using ReidCloud.Runs;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Functions;

public sealed class GetRunReportTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private ApiServer _api = null!;
    private RunId _run;

    public async ValueTask InitializeAsync()
    {
        _api = await ApiServer.StartAsync(azurite);
        await _api.AddDatasetAsync("mine", "p", "q");
        _run = await _api.SubmitAsync();
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task Hands_out_the_very_bytes_that_the_runner_wrote()
    {
        await _api.EndAsync(_run, RunState.Succeeded, """{ "rank1" : 0.9 }""");

        Assert.Equal("""{ "rank1" : 0.9 }""", await _api.Client.GetStringAsync($"/api/runs/{_run}/report"));
    }

    [Theory]
    [InlineData("?format=html", null, "text/html")]
    [InlineData("?format=md", null, "text/markdown")]
    [InlineData("?format=csv", "text/html", "text/csv")]
    [InlineData("?format=json", "text/html", "application/json")]
    [InlineData("", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html")]
    [InlineData("", "text/html;q=0.5, text/csv", "text/csv")]
    [InlineData("", "text/html;q=0, text/markdown;q=0.1", "text/markdown")]
    [InlineData("", "*/*", "application/json")]
    [InlineData("", "image/png", "application/json")]
    [InlineData("", "of no form;;", "application/json")]
    [InlineData("", null, "application/json")]
    public async Task Comes_in_the_form_that_is_asked_for(string query, string? accept, string type)
    {
        await LeaveDocumentsAsync();

        using var answer = await AskAsync($"/api/runs/{_run}/report{query}", accept);

        Assert.Equal((HttpStatusCode.OK, type), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
        Assert.Equal(["Accept"], answer.Headers.Vary);
        Assert.Equal(["nosniff"], answer.Headers.GetValues("X-Content-Type-Options"));
        if (type != "application/json")
        {
            Assert.Equal($"the very {type}", await answer.Content.ReadAsStringAsync());
            Assert.Equal("utf-8", answer.Content.Headers.ContentType.CharSet);
        }
    }

    [Theory]
    [InlineData("report?format=html")]
    [InlineData("files/report.html")]
    public async Task A_page_may_show_its_own_style_and_pictures_and_do_nothing(string path)
    {
        await LeaveDocumentsAsync();

        using var answer = await AskAsync($"/api/runs/{_run}/{path}", null);

        Assert.Equal("text/html", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal(["default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"], answer.Headers.GetValues("Content-Security-Policy"));
        using var known = new HttpRequestMessage(HttpMethod.Get, $"/api/runs/{_run}/{path}") { Headers = { { "If-None-Match", answer.Headers.ETag!.Tag } } };
        using var again = await _api.Client.SendAsync(known);
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
    }

    [Fact]
    public async Task Of_an_earlier_version_there_is_no_page()
    {
        await _api.LeaveAsync(_run);

        Assert.Contains("has no file 'report.html'", (await _api.GetAsync($"/api/runs/{_run}/report?format=html", 404)).GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal("?format", (await _api.GetAsync($"/api/runs/{_run}/report?format=pdf", 400)).GetProperty("errors")[0].GetProperty("path").GetString());
    }

    [Fact]
    public async Task Says_that_the_run_has_none_yet()
    {
        Assert.Contains("no report yet: it is queued", (await _api.GetAsync($"/api/runs/{_run}/report", 409)).GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Says_why_a_failed_run_has_none()
    {
        await _api.EndAsync(_run, RunState.Failed);

        Assert.Contains("the loss is not a number", (await _api.GetAsync($"/api/runs/{_run}/report", 409)).GetProperty("detail").GetString());
    }

    private async Task LeaveDocumentsAsync()
    {
        await _api.LeaveAsync(_run);
        foreach (var (blob, type) in RunPaths.ReportsForPeople(_run, 1).Zip(["text/html", "text/markdown", "text/csv"]))
        {
            await _api.Service<RunStore>().PutAttemptBlobAsync(blob, Encoding.UTF8.GetBytes($"the very {type}"), default);
        }
    }

    private async Task<HttpResponseMessage> AskAsync(string path, string? accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (accept is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept", accept);
        }

        return await _api.Client.SendAsync(request);
    }

    [Fact]
    public async Task Says_that_there_is_no_such_run() => await _api.GetAsync("/api/runs/00000000000000000000/report", 404);
}
