using Microsoft.Playwright;
using ReidCloud.Tests.Testing;

[assembly: AssemblyFixture(typeof(BrowserFixture))]

namespace ReidCloud.Tests.Testing;

/// <summary>One headless Chromium for the whole test run, the system's own, started by the first test that asks. Each page is a stranger to the others.</summary>
public sealed class BrowserFixture : IAsyncDisposable
{
    /// <summary>Milliseconds. The machine may be busy.</summary>
    private const float Patience = 60_000;

    private const string Variable = "REIDCLOUD_CHROMIUM";
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome"];

    private readonly Lazy<Task<(IPlaywright Playwright, IBrowser Browser)>> _started = new(StartAsync);

    /// <summary>An empty tab that writes down whatever its console complains of.</summary>
    /// <param name="width">A phone's is 390.</param>
    internal async Task<Tab> OpenAsync(Uri address, int width = 1280, ColorScheme colors = ColorScheme.Light)
    {
        var (_, browser) = await _started.Value;
        var context = await browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = address.ToString(),
            ViewportSize = new ViewportSize { Width = width, Height = 844 },
            ColorScheme = colors,
        });
        context.SetDefaultTimeout(Patience);
        return await Tab.OfAsync(context);
    }

    public async ValueTask DisposeAsync()
    {
        if (_started is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            var (playwright, browser) = await _started.Value;
            await browser.DisposeAsync();
            playwright.Dispose();
        }
    }

    private static async Task<(IPlaywright Playwright, IBrowser Browser)> StartAsync()
    {
        Assertions.SetDefaultExpectTimeout(Patience);
        var playwright = await Playwright.CreateAsync();
        return (playwright, await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Program() }));
    }

    private static string Program() =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } told ? told
        : Names.SelectMany(name => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, name))).FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException($"The web page's tests need Chromium: ./reid prepare installs it (Debian's package chromium), or {Variable} says where one is.");
}
