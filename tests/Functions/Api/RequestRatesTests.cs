using System.Net;
using Microsoft.AspNetCore.Http;
using ReidCloud.Functions;
using ReidCloud.Functions.Api;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Functions.Api;

public sealed class RequestRatesTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task Who_asks_too_often_is_told_when_to_come_again()
    {
        await using var api = await ApiServer.StartAsync(azurite, ("RequestsPerSecond", "1"));
        var answers = new List<HttpResponseMessage>();
        for (var i = 0; i < 20; i++)
        {
            answers.Add(await api.Client.GetAsync("/api/presets/nothing"));
        }

        Assert.Equal(HttpStatusCode.NotFound, answers[0].StatusCode);
        var refused = answers.First(answer => answer.StatusCode == HttpStatusCode.TooManyRequests);
        Assert.True(refused.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1));
        Assert.Equal("nosniff", refused.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Contains("1 requests a second", (await ApiServer.JsonAsync(refused, 429)).GetProperty("detail").GetString());
    }

    [Fact]
    public void A_burst_of_twice_the_rate_passes_and_no_more()
    {
        using var rates = new RequestRates(new ReidCloudOptions { RequestsPerSecond = 500 }, hostChecksKeys: false);

        var passed = Enumerable.Range(0, 3000).Count(_ => rates.Refusal(Asking("10.0.0.1"), RateOf.Caller) is null);

        // More come in while they are counted.
        Assert.InRange(passed, 1000, 2900);
    }

    [Fact]
    public void Callers_are_told_apart_by_keys_that_were_checked_and_by_addresses_that_the_platform_wrote()
    {
        using var cloud = new RequestRates(new ReidCloudOptions { RequestsPerSecond = 1 }, hostChecksKeys: true);
        using var local = new RequestRates(new ReidCloudOptions { RequestsPerSecond = 1 }, hostChecksKeys: false);

        Assert.Equal(2, Passed(cloud, i => Asking("127.0.0.1", key: "one", forwarded: $"{i}.0.0.1")));
        Assert.Equal(20, Passed(cloud, i => Asking("127.0.0.1", key: $"{i}")));
        Assert.Equal(2, Passed(cloud, i => Asking("127.0.0.1", forwarded: $"{i}.0.0.1, 8.8.8.8:{i}")));
        Assert.Equal(2, Passed(cloud, i => Asking("127.0.0.1", forwarded: $"[2001:db8::7]:{i}")));
        Assert.Equal(20, Passed(cloud, i => Asking("127.0.0.1", forwarded: $"6.6.6.6, {i}.0.0.1")));
        Assert.Equal(2, Passed(cloud, i => Asking("127.0.0.9", forwarded: $"made up {i}")));
        Assert.Equal(2, Passed(local, i => Asking("10.0.0.1", key: $"{i}", forwarded: $"{i}.0.0.1")));
    }

    [Fact]
    public void Where_no_key_is_demanded_nothing_that_is_sent_tells_callers_apart()
    {
        using var cloud = new RequestRates(new ReidCloudOptions { RequestsPerSecond = 1 }, hostChecksKeys: true);

        Assert.Equal(2, Passed(cloud, i => Asking($"10.0.0.{i}", key: $"{i}", forwarded: $"{i}.0.0.1"), RateOf.Anyone));
        Assert.Equal(2, Passed(cloud, _ => Asking("10.0.0.1"), RateOf.Caller));
        Assert.Equal(2, Passed(cloud, i => Asking("10.0.0.1", key: $"{i}"), RateOf.Refused));
    }

    [Fact]
    public async Task Every_operation_is_refused_to_who_asks_too_often_but_health()
    {
        await using var api = await ApiServer.StartAsync(azurite, ("RequestsPerSecond", "1"));
        foreach (var function in FunctionScan.Http.Where(function => function.IsOperation && function.Name != nameof(GetHealth)))
        {
            var path = function.Path.Replace("{id}", "00000000000000000000", StringComparison.Ordinal).Replace("{name}", "none", StringComparison.Ordinal);
            var refused = false;
            for (var i = 0; i < 50 && !refused; i++)
            {
                using var answer = await api.SendAsync(new HttpMethod(function.Verbs[0]), path);
                refused = answer.StatusCode == HttpStatusCode.TooManyRequests;
            }

            Assert.True(refused, function.Name);
        }

        using var health = await api.Client.GetAsync("/api/health");
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
    }

    [Theory]
    [InlineData("Origin", "https://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("Host", "evil.example", HttpStatusCode.MisdirectedRequest)]
    [InlineData("x-functions-key", "guessed-0123456789", HttpStatusCode.Unauthorized)]
    public async Task Who_is_not_let_in_uses_up_nobody_elses_rate(string header, string value, HttpStatusCode refusal)
    {
        const string Key = "a key that nobody guesses";
        await using var api = await ApiServer.StartAsync(azurite, options => options with { Key = Key }, ("RequestsPerSecond", "1"));
        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 20; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/runs");
            request.Headers.TryAddWithoutValidation(header, value);
            using var answer = await api.Client.SendAsync(request);
            answers.Add(answer.StatusCode);
        }

        api.Client.DefaultRequestHeaders.Add("x-functions-key", Key);
        using var honest = await api.Client.GetAsync("/api/runs");

        Assert.Equal(refusal, answers[0]);
        Assert.Contains(HttpStatusCode.TooManyRequests, answers);
        Assert.Equal(HttpStatusCode.OK, honest.StatusCode);
    }

    private static int Passed(RequestRates rates, Func<int, HttpContext> ask, RateOf rate = RateOf.Caller) => Enumerable.Range(0, 20).Count(i => rates.Refusal(ask(i), rate) is null);

    private static DefaultHttpContext Asking(string address, string? key = null, string? forwarded = null)
    {
        var context = new DefaultHttpContext { Connection = { RemoteIpAddress = IPAddress.Parse(address) } };
        context.Request.Headers["x-functions-key"] = key;
        context.Request.Headers["X-Forwarded-For"] = forwarded;
        return context;
    }
}
