using System.Text;
using Microsoft.Playwright;
using ReidCloud.Reports.Page;
using ReidCloud.Runs;
using ReidCloud.Tests.Shared.Reports.Page;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Functions.Web;

/// <summary>A report's page as a browser gets it from the API: under both its own policy and the server's, neither of which it may breach.</summary>
public sealed class ReportInBrowserTests(AzuriteFixture azurite, BrowserFixture browser) : IAsyncLifetime
{
    private ApiServer _api = null!;
    private RunId _run;
    private RunId _mutual;

    public async ValueTask InitializeAsync()
    {
        _api = await ApiServer.StartAsync(azurite);
        await _api.AddDatasetAsync("mine", "p", "q");
        _run = await _api.SubmitAsync();
        await _api.LeaveAsync(_run);
        var (report, insights) = SampleReports.Student();
        await _api.Service<RunStore>().PutAttemptBlobAsync(RunPaths.ReportPage(_run, 1), Encoding.UTF8.GetBytes(ReportPage.Write(report, insights)), default);
        _mutual = await _api.SubmitAsync(repeat: 1);
        await _api.LeaveAsync(_mutual);
        (report, insights) = SampleVariants.Mutual();
        await _api.Service<RunStore>().PutAttemptBlobAsync(RunPaths.ReportPage(_mutual, 1), Encoding.UTF8.GetBytes(ReportPage.Write(report, insights)), default);
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Theory]
    [InlineData(1280, ColorScheme.Light, "rgb(255, 255, 255)", false)]
    [InlineData(390, ColorScheme.Dark, "rgb(18, 22, 27)", false)]
    [InlineData(1280, ColorScheme.Dark, "rgb(18, 22, 27)", true)]
    [InlineData(390, ColorScheme.Light, "rgb(255, 255, 255)", true)]
    public async Task It_is_seen_whole_and_breaches_no_policy(int width, ColorScheme colors, string ground, bool isMutual)
    {
        await using var tab = await browser.OpenAsync(_api.Address, width, colors);

        await tab.Page.GotoAsync($"/api/runs/{(isMutual ? _mutual : _run)}/report");

        Assert.Equal(ground, await tab.Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor"));
        Assert.Equal(0, await tab.OverhangAsync());
        Assert.Equal(0, await tab.Page.EvaluateAsync<int>("Array.from(document.images).filter(image => image.naturalWidth === 0).length"));
        Assert.Equal(0, await tab.Page.EvaluateAsync<int>("document.querySelectorAll('main figure svg:not(.key)').length - Array.from(document.querySelectorAll('main figure svg:not(.key)')).filter(drawing => drawing.getBoundingClientRect().height > 20).length"));
        Assert.Equal(0, await tab.Page.EvaluateAsync<int>(Overlaps));
    }

    [Fact]
    public async Task It_is_walked_with_the_keyboard()
    {
        await using var tab = await browser.OpenAsync(_api.Address);
        await tab.Page.GotoAsync($"/api/runs/{_run}/files/report.html");

        await tab.Page.Keyboard.PressAsync("Tab");
        Assert.Equal("a Skip to the report", await tab.FocusAsync());
        await tab.Page.Keyboard.PressAsync("Tab");
        Assert.Equal("a Figures", await tab.FocusAsync());

        var numbers = tab.Page.Locator("summary").First;
        await numbers.FocusAsync();
        await tab.Page.Keyboard.PressAsync("Enter");
        Assert.True(await tab.Page.Locator("details").First.Locator("table").IsVisibleAsync());
    }

    /// <summary>How many texts of drawings cover another text of the same drawing.</summary>
    private const string Overlaps = """
        Array.from(document.querySelectorAll('main svg')).map(drawing => {
          const boxes = Array.from(drawing.querySelectorAll('text')).map(text => text.getBoundingClientRect()).filter(box => box.width > 0);
          return boxes.filter((one, i) => boxes.some((other, j) => j > i && one.left < other.right - 1 && other.left < one.right - 1 && one.top < other.bottom - 3 && other.top < one.bottom - 3)).length;
        }).reduce((sum, count) => sum + count, 0)
        """;
}
