using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Playwright;

namespace ReidCloud.Tests.Testing;

/// <summary>A tab of the browser, and what its console complained of: a breach of the page's policy, an error of its script.</summary>
internal sealed class Tab : IAsyncDisposable
{
    /// <summary>What the browser says of every answer that is no success, however well it is handled.</summary>
    private const string Refused = "Failed to load resource";

    private readonly ConcurrentQueue<string> _complaints = new();
    private readonly IBrowserContext _context;

    private Tab(IBrowserContext context, IPage page) => (_context, Page) = (context, page);

    public IPage Page { get; }

    public static async Task<Tab> OfAsync(IBrowserContext context)
    {
        var tab = new Tab(context, await context.NewPageAsync());
        tab.Page.Console += (_, said) =>
        {
            if (said.Type is "error" or "warning" && !said.Text.StartsWith(Refused, StringComparison.Ordinal))
            {
                tab._complaints.Enqueue(said.Text);
            }
        };
        tab.Page.PageError += (_, fault) => tab._complaints.Enqueue(fault);
        return tab;
    }

    /// <summary>Goes to a view and waits until it is there.</summary>
    public async Task GoAsync(string view)
    {
        await Page.GotoAsync($"/#/{view}");
        await ShownAsync();
    }

    /// <summary>The view has what it asked for.</summary>
    public async Task ShownAsync() => await Page.Locator("main .view:not([aria-busy]) h1").First.WaitForAsync();

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = name, Exact = true });

    public ILocator Link(string name) => Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = name });

    public ILocator Heading(string name) => Page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = name });

    public ILocator Text(string text) => Page.GetByText(text).First;

    /// <summary>Of a form that asks for a run: what takes the value at this path.</summary>
    public ILocator Field(string path) => Page.Locator($"[data-path='{path}']").Locator("input, select");

    /// <summary>What is wrong with it.</summary>
    public ILocator Fault(string path) => Page.Locator($"[data-path='{path}'] .error");

    /// <summary>Asked from outside: the page's own policy forbids what Playwright would do within it.</summary>
    public async Task UntilAsync(string expression)
    {
        var began = Stopwatch.GetTimestamp();
        while (!await Page.EvaluateAsync<bool>(expression))
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromMinutes(1), expression);
            await Task.Delay(50);
        }
    }

    /// <summary>How far the page can be moved to the side: 0 where all of it is on the screen.</summary>
    public Task<int> OverhangAsync() => Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");

    /// <summary>What has the focus, as a reader is told: its role or kind, and its name.</summary>
    public Task<string> FocusAsync() => Page.EvaluateAsync<string>(
        "(() => { const at = document.activeElement; return `${at.tagName.toLowerCase()} ${(at.getAttribute('aria-label') ?? (at.labels?.[0]?.textContent || at.textContent)).trim()}`; })()");

    public async ValueTask DisposeAsync()
    {
        await _context.DisposeAsync();
        Assert.Empty(_complaints);
    }
}
