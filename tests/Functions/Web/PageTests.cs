using System.Diagnostics;
using Microsoft.Playwright;
using ReidCloud.Runs;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Functions.Web;

/// <summary>The web page in a browser. Every tab also fails its test if its console complains: of a breach of the page's policy, or of a script's fault.</summary>
public sealed class PageTests(AzuriteFixture azurite, BrowserFixture browser) : IAsyncLifetime
{
    private const int Phone = 390;
    private ApiServer _api = null!;

    public async ValueTask InitializeAsync() => _api = await ApiServer.StartAsync(azurite);

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Theory]
    [InlineData("", "Runs", "./reid demo")]
    [InlineData("datasets", "Data sets", "./reid dataset push people.zip --name people")]
    [InlineData("start", "Start a run", "./reid synth --layout mars --output people.zip")]
    [InlineData("compare", "Compare runs", "./reid compare RUN RUN")]
    [InlineData("nonsense/%E0%A4%A", "This cannot be shown", "Try again")]
    [InlineData("runs/00000000000000000000", "This cannot be shown", "There is no run")]
    public async Task Says_what_to_type_or_to_do_where_nothing_is(string view, string heading, string text)
    {
        await using var tab = await browser.OpenAsync(_api.Address);

        await tab.GoAsync(view);

        await Assertions.Expect(tab.Heading(heading)).ToBeVisibleAsync();
        await Assertions.Expect(tab.Text(text)).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_data_set_shows_its_counts_its_diagnosis_and_its_pictures()
    {
        await _api.AddPeopleAsync();
        await using var tab = await browser.OpenAsync(_api.Address);
        await tab.GoAsync("datasets");

        await tab.Link("people").First.ClickAsync();

        await Assertions.Expect(tab.Text("tiny-images")).ToBeVisibleAsync();
        var pictures = tab.Page.Locator(".pictures img");
        await Assertions.Expect(pictures.First).ToBeVisibleAsync();
        await tab.UntilAsync("[...document.querySelectorAll('.pictures img')].every(image => image.complete && image.naturalWidth > 0)");
        Assert.Equal(50, await pictures.CountAsync());
        await Assertions.Expect(tab.Page.GetByAltText("A distractor from camera c1").First).ToBeVisibleAsync();
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Row, new PageGetByRoleOptions { Name = "train 6 3 36 144 0" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task What_others_named_is_text_whatever_it_looks_like()
    {
        await _api.AddHostileAsync();
        await using var tab = await browser.OpenAsync(_api.Address);

        await tab.GoAsync("datasets/hostile");

        await Assertions.Expect(tab.Text($"identity {PageSystem.Hostile}")).ToBeVisibleAsync();
        Assert.Equal(0, await tab.Page.Locator("[onerror]").CountAsync());
    }

    [Fact]
    public async Task What_is_wrong_with_a_request_stands_at_its_field_and_what_was_asked_before_is_said_to_be_that()
    {
        await _api.AddPeopleAsync();
        var teacher = await _api.SubmitAsync("people");
        await using var tab = await browser.OpenAsync(_api.Address);
        await tab.GoAsync("start");
        await tab.Page.GetByLabel("Preset").SelectOptionAsync("demo-student");
        await tab.Field("$.epochs").FillAsync("many");

        await tab.Button("Submit").ClickAsync();

        var epochs = tab.Field("$.epochs");
        await Assertions.Expect(epochs).ToHaveAttributeAsync("aria-invalid", "true");
        await Assertions.Expect(tab.Fault("$.epochs")).ToContainTextAsync("must be a");
        await tab.Button("$.epochs").ClickAsync();
        await Assertions.Expect(epochs).ToBeFocusedAsync();

        await epochs.FillAsync("3");
        await tab.Button("Submit").ClickAsync();
        await Assertions.Expect(tab.Fault("$.method.teacher")).ToContainTextAsync("missing");
        await Assertions.Expect(epochs).Not.ToHaveAttributeAsync("aria-invalid", "true");

        await tab.Field("$.method.teacher").SelectOptionAsync($"run:{teacher}");
        await tab.Page.GetByText("Sampling", new PageGetByTextOptions { Exact = true }).ClickAsync();
        await tab.Field("$.sampling.identities").FillAsync("0");
        await tab.Page.GetByText("Sampling", new PageGetByTextOptions { Exact = true }).ClickAsync();
        await tab.Button("Submit").ClickAsync();
        await tab.Button("$.sampling.identities").ClickAsync();
        await Assertions.Expect(tab.Field("$.sampling.identities")).ToBeFocusedAsync();

        await tab.Field("$.sampling.identities").FillAsync("4");
        await tab.Button("Submit").ClickAsync();
        await Assertions.Expect(tab.Text("Submitted: a new run.")).ToBeVisibleAsync();
        await Assertions.Expect(tab.Text("…  waiting")).ToBeVisibleAsync();
        await tab.Page.GoBackAsync();
        await tab.ShownAsync();
        await tab.Field("$.epochs").FillAsync("3");
        await tab.Field("$.method.teacher").SelectOptionAsync($"run:{teacher}");
        await tab.Page.GetByText("Sampling", new PageGetByTextOptions { Exact = true }).ClickAsync();
        await tab.Field("$.sampling.identities").FillAsync("4");
        await tab.Button("Submit").ClickAsync();
        await Assertions.Expect(tab.Text("The very same was asked for before")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Every_way_of_searching_can_be_asked_for_in_the_form()
    {
        await _api.AddPeopleAsync();
        await using var tab = await browser.OpenAsync(_api.Address);
        await tab.GoAsync("start/demo-teacher");
        await tab.Page.Locator("details[data-member=evaluation] > summary").ClickAsync();

        // Left out until any of its members is touched.
        var use = tab.Page.Locator("[data-use='$.evaluation.reRanking']");
        await tab.Page.Locator("details[data-member=reRanking] > summary").ClickAsync();
        await Assertions.Expect(use).Not.ToBeCheckedAsync();
        await tab.Field("$.evaluation.reRanking.k1").FillAsync("30");
        await Assertions.Expect(use).ToBeCheckedAsync();
        await tab.Page.Locator("details[data-member=queryExpansion] > summary").ClickAsync();
        await tab.Page.Locator("[data-use='$.evaluation.queryExpansion']").CheckAsync();
        await tab.Page.Locator("details[data-member=cmc] > summary").ClickAsync();
        await tab.Button("Add one to Cmc").ClickAsync();
        await tab.Field("$.evaluation.cmc[0].separateCameraSet").CheckAsync();
        await tab.Field("$.evaluation.falsePositiveRates").FillAsync("0.001, 0.01");
        await tab.Field("$.cameras").FillAsync("1, c0");
        await tab.Button("Submit").ClickAsync();

        // Names that are numbers are names.
        await Assertions.Expect(tab.Text("'1' is no camera of the training split of data set 'people'; there are c0, c1, c2").First).ToBeVisibleAsync();
        await tab.Field("$.cameras").FillAsync("c1, c0");
        await tab.Button("Submit").ClickAsync();

        await Assertions.Expect(tab.Text("Submitted: a new run.")).ToBeVisibleAsync();
        var spec = (TrainSpec)ReidJson.Read<RunSpec>(System.Text.Encoding.UTF8.GetBytes((await tab.Page.Locator("details pre").Last.TextContentAsync())!));
        var asked = spec.Evaluation;
        Assert.Equal((new ReRankingSpec(K1: 30), new QueryExpansionSpec()), (asked.ReRanking!, asked.QueryExpansion!));
        Assert.Equal(new CmcSpec(true, false, false), Assert.Single(asked.Cmc));
        Assert.Equal([0.001, 0.01], asked.FalsePositiveRates);
        Assert.Equal(["c1", "c0"], spec.Cameras);
        Assert.Null(asked.MultiQuery);
    }

    [Fact]
    public async Task A_run_is_watched_as_it_goes_on_cancelled_and_tried_again()
    {
        await _api.AddDatasetAsync("mine", "p", "q");
        var run = await _api.SubmitAsync();
        await using var tab = await browser.OpenAsync(_api.Address);
        await tab.GoAsync($"runs/{run}");
        await Assertions.Expect(tab.Text("they grow here while the run is trained")).ToBeVisibleAsync();
        await using (var lease = await _api.ClaimAsync(run))
        {
            await _api.TellEpochsAsync(lease, 1, 3, of: 14);
            await Assertions.Expect(tab.Page.Locator("figcaption").Filter(new LocatorFilterOptions { HasText = "Total" })).ToContainTextAsync("1");
            await Assertions.Expect(tab.Text("epoch 3 of 14 · loss 1 · 300 images/s · 1:50 left")).ToBeVisibleAsync();
            await _api.TellEpochsAsync(lease, 4, 6, of: 14);
            await Assertions.Expect(tab.Page.GetByRole(AriaRole.Img, new PageGetByRoleOptions { Name = "Total: 3 at first, 0.5 at last" })).ToBeVisibleAsync();
            await Assertions.Expect(tab.Page.GetByRole(AriaRole.Log).GetByRole(AriaRole.Listitem)).ToHaveCountAsync(6);
            Assert.Equal(6.0 / 14, await tab.Page.GetByRole(AriaRole.Progressbar).EvaluateAsync<double>("bar => bar.value"), 3);

            await tab.Button("Cancel").ClickAsync();
            await tab.Button("Let it go on").ClickAsync();
            await Assertions.Expect(tab.Button("Cancel")).ToBeEnabledAsync();
            await tab.Button("Cancel").ClickAsync();
            await tab.Button("Cancel the run").ClickAsync();
            await Assertions.Expect(tab.Button("Stopping…")).ToBeDisabledAsync();
            Assert.True(await _api.Service<RunStore>().IsCancelRequestedAsync(run, default));
            await _api.Service<RunStore>().FinishAsync(lease, lease.Status with { State = RunState.Cancelled }, default);
        }

        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Status).Filter(new LocatorFilterOptions { HasText = "The run is cancelled." })).ToHaveCountAsync(1);
        await tab.Button("Try again").ClickAsync();
        await tab.Button("From the start").ClickAsync();
        await Assertions.Expect(tab.Page.Locator(".facts .badge.queued")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_failed_run_says_why_and_what_to_do_and_one_that_was_hit_by_it_leads_there()
    {
        await _api.AddDatasetAsync("mine", "p", "q");
        var run = await _api.SubmitAsync();
        await _api.EndAsync(run, RunState.Failed);
        await using var tab = await browser.OpenAsync(_api.Address);
        await tab.GoAsync("runs?state=failed");

        await tab.Link(run.ToString()[..8]).First.ClickAsync();

        await Assertions.Expect(tab.Heading("Failed: diverged")).ToBeVisibleAsync();
        await Assertions.Expect(tab.Text("submit it with a lower learning rate")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Nothing_is_asked_while_nobody_looks()
    {
        await _api.AddDatasetAsync("mine", "p", "q");
        var run = await _api.SubmitAsync();
        await using var lease = await _api.ClaimAsync(run);
        await using var tab = await browser.OpenAsync(_api.Address);
        var asked = 0;
        tab.Page.Request += (_, request) => asked += request.Url.Contains("/events", StringComparison.Ordinal) ? 1 : 0;
        await tab.GoAsync($"runs/{run}");
        await tab.Page.EvaluateAsync("Object.defineProperty(document, 'hidden', { value: true, configurable: true })");

        // What is under way still ends; then it comes to rest, for longer than a running run is left alone.
        var began = Stopwatch.GetTimestamp();
        int before;
        do
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromMinutes(1), "it goes on asking");
            before = asked;
            await Task.Delay(4000);
        }
        while (asked != before);

        await tab.Page.RunAndWaitForRequestAsync(
            () => tab.Page.EvaluateAsync("(() => { delete document.hidden; document.dispatchEvent(new Event('visibilitychange')); })()"), "**/events*");
    }

    [Fact]
    public async Task When_the_API_is_away_it_says_so_and_comes_again()
    {
        await _api.AddDatasetAsync("mine", "p", "q");
        var run = await _api.SubmitAsync();
        await using var tab = await browser.OpenAsync(_api.Address);
        await tab.GoAsync($"runs/{run}");
        await tab.Page.RouteAsync("**/events*", route => route.FulfillAsync(new RouteFulfillOptions { Status = 503, ContentType = "application/problem+json", Body = """{"detail":"the storage does not answer"}""", Headers = [KeyValuePair.Create("Retry-After", "1")] }));
        await Assertions.Expect(tab.Text("the storage does not answer")).ToBeVisibleAsync();
        await Assertions.Expect(tab.Text("Trying again in 1 s.")).ToBeVisibleAsync();

        await tab.Page.UnrouteAsync("**/events*");

        await Assertions.Expect(tab.Text("Trying again in")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Runs_that_are_ticked_are_compared()
    {
        await _api.AddDatasetAsync("mine", "p", "q");
        RunId[] runs = [await _api.SubmitAsync(1), await _api.SubmitAsync(2)];
        foreach (var run in runs)
        {
            await _api.SucceedAsync(run);
        }

        await using var tab = await browser.OpenAsync(_api.Address);
        await tab.GoAsync("runs");
        foreach (var run in runs)
        {
            await tab.Page.GetByLabel($"Compare run {run}").CheckAsync();
        }

        await tab.Link("Compare 2 runs").ClickAsync();

        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Row, new PageGetByRoleOptions { Name = "mAP (trapezoidal) 44.5" }).First).ToBeVisibleAsync();
        await Assertions.Expect(tab.Text("40.0 % to 60.0 %")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task What_was_trained_on_and_tested_on_stands_with_mean_and_deviation_over_seeds()
    {
        await _api.AddDatasetAsync("mine", "p", "q");
        await _api.AddDatasetAsync("theirs", "p", "q");
        var runs = new List<RunId>();
        for (var repeat = 0; repeat < 2; repeat++)
        {
            var trained = await _api.MeasuredAsync(repeat, 0.8 + (0.1 * repeat));
            var view = await _api.JsonAsync(HttpMethod.Post, "/api/runs", 202, $$$"""{"kind":"evaluate","dataset":"theirs","checkpoint":{"run":"{{{trained}}}"}}""");
            runs.AddRange([trained, await _api.MeasuredAsync(RunId.Parse(view.GetProperty("id").GetString()!), 0.4 + (0.2 * repeat))]);
        }

        await using var tab = await browser.OpenAsync(_api.Address);
        await tab.GoAsync($"compare?runs={string.Join(',', runs)}");

        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Row, new PageGetByRoleOptions { Name = "supervised of resnet18 on mine 85.0 % ± 7.1 (n = 2) 50.0 % ± 14.1 (n = 2)" }).First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_key_is_asked_for_once_kept_in_this_tab_and_shown_for_pictures_too()
    {
        const string Key = "a key that nobody guesses";
        await _api.DisposeAsync();
        _api = await ApiServer.StartAsync(azurite, options => options with { Key = Key });
        _api.Client.DefaultRequestHeaders.Add("x-functions-key", Key);
        await _api.AddPeopleAsync();
        await using var tab = await browser.OpenAsync(_api.Address);
        await tab.Page.GotoAsync("/#/datasets/people");
        var field = tab.Page.GetByLabel("Function key");
        await Assertions.Expect(field).ToBeFocusedAsync();

        await field.FillAsync("a key that somebody made up");
        await tab.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(tab.Text("That key was refused.")).ToBeVisibleAsync();
        await field.FillAsync(Key);
        await tab.Page.Keyboard.PressAsync("Enter");

        await tab.ShownAsync();
        await tab.UntilAsync("document.querySelectorAll('.pictures img').length > 0 && [...document.querySelectorAll('.pictures img')].every(image => image.naturalWidth > 0)");
        Assert.Equal((1, 0), (await tab.Page.EvaluateAsync<int>("sessionStorage.length"), await tab.Page.EvaluateAsync<int>("localStorage.length")));
        Assert.DoesNotContain("key", tab.Page.Url);
        await tab.Page.ReloadAsync();
        await tab.ShownAsync();
        await Assertions.Expect(tab.Heading("Data set people")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task The_keyboard_alone_leads_to_a_run()
    {
        await _api.AddPeopleAsync();
        await using var tab = await browser.OpenAsync(_api.Address);
        await tab.GoAsync("");

        await tab.Page.Keyboard.PressAsync("Tab");
        Assert.Equal("a Skip to the content", await tab.FocusAsync());
        Assert.NotEqual("none", await tab.Page.EvaluateAsync<string>("getComputedStyle(document.activeElement).outlineStyle"));
        await TabToAsync(tab, "a Start a run");
        await tab.Page.Keyboard.PressAsync("Enter");
        await tab.ShownAsync();
        await Assertions.Expect(tab.Heading("Start a run")).ToBeFocusedAsync();
        await TabToAsync(tab, "select Preset");
        await tab.Page.Keyboard.TypeAsync("demo-teacher");
        await Assertions.Expect(tab.Field("$.epochs")).ToBeVisibleAsync();
        await TabToAsync(tab, "input Epochs");
        await tab.Page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(tab.Text("Submitted: a new run.")).ToBeVisibleAsync();
        await TabToAsync(tab, "button Cancel");
        await tab.Page.Keyboard.PressAsync("Enter");
        await tab.Page.Keyboard.PressAsync("Escape");
        Assert.Equal("button Cancel", await tab.FocusAsync());
    }

    [Fact]
    public async Task Every_view_fits_a_phone_and_tells_a_screen_reader_what_is_what()
    {
        await _api.AddPeopleAsync();
        var done = await _api.SubmitAsync("people", 1);
        await _api.SucceedAsync(done, ("a-file-with-quite-a-long-name-of-its-own.safetensors", [1, 2, 3]));
        var failed = await _api.SubmitAsync("people", 2);
        await _api.EndAsync(failed, RunState.Failed);
        var other = await _api.SubmitAsync("people", 3);
        await _api.SucceedAsync(other);
        await using var tab = await browser.OpenAsync(_api.Address, Phone, ColorScheme.Dark);
        foreach (var view in new[] { "runs", $"runs/{done}", $"runs/{failed}", "datasets", "datasets/people", "start/demo-student", $"compare?runs={done},{other}" })
        {
            await tab.GoAsync(view);
            await tab.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);

            Assert.Equal((view, 0), (view, await tab.OverhangAsync()));
            Assert.Equal((view, 1), (view, await tab.Page.Locator("h1").CountAsync()));
            Assert.Equal((view, 1), (view, await tab.Page.GetByRole(AriaRole.Main).CountAsync()));
            Assert.Equal((view, ""), (view, await tab.Page.EvaluateAsync<string>(Nameless)));
        }
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Words_stand_out_from_what_is_behind_them(ColorScheme colors)
    {
        await using var tab = await browser.OpenAsync(_api.Address, colors: colors);
        await tab.GoAsync("");
        foreach (var (ink, paper) in new[]
        {
            ("ink", "paper"), ("ink", "panel"), ("soft", "paper"), ("soft", "panel"), ("accent", "paper"), ("on-accent", "accent"), ("bad", "paper"), ("bad", "bad-panel"),
            ("warn", "warn-panel"), ("good", "good-panel"), ("note", "note-panel"), ("ink", "bad-panel"), ("ink", "warn-panel"), ("ink", "good-panel"), ("accent", "bad-panel"),
        })
        {
            Assert.True(await tab.Page.EvaluateAsync<double>(Contrast, new[] { ink, paper }) >= 4.5, $"{ink} on {paper}, {colors}");
        }
    }

    /// <summary>WCAG's ratio of two of the page's colors.</summary>
    private const string Contrast = """
        names => {
            const light = name => {
                const [r, g, b] = getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim().slice(1).replace(/^(.)(.)(.)$/, '$1$1$2$2$3$3').match(/../g)
                    .map(part => parseInt(part, 16) / 255).map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
                return 0.2126 * r + 0.7152 * g + 0.0722 * b;
            };
            const [one, other] = names.map(light).sort((a, b) => b - a);
            return (one + 0.05) / (other + 0.05);
        }
        """;

    /// <summary>What has no name, and headings that skip a level.</summary>
    private const string Nameless = """
        (() => {
            const named = at => at.getAttribute('aria-label') || at.labels?.[0]?.textContent.trim() || at.textContent.trim() || at.querySelector('img[alt]:not([alt=""])');
            const nameless = [...document.querySelectorAll('input, select, button, a, progress, [role=region], [role=img]')].filter(at => !named(at)).map(at => at.outerHTML);
            const pictures = [...document.querySelectorAll('img:not([alt])')].map(at => at.outerHTML);
            const levels = [...document.querySelectorAll('h1, h2, h3, h4')].map(at => Number(at.tagName[1]));
            return [...nameless, ...pictures, ...levels.filter((level, i) => level > (levels[i - 1] ?? 0) + 1).map(level => `h${level} after a skip`)].join('\n');
        })()
        """;

    private static async Task TabToAsync(Tab tab, string name)
    {
        for (var i = 0; i < 60; i++)
        {
            await tab.Page.Keyboard.PressAsync("Tab");
            if ((await tab.FocusAsync()).StartsWith(name, StringComparison.Ordinal))
            {
                return;
            }
        }

        Assert.Fail($"the Tab key does not lead to '{name}'");
    }
}
