using System.Net;
using Microsoft.AspNetCore.Http;
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

        var passed = Enumerable.Range(0, 3000).Count(_ => rates.Refusal(Asking("10.0.0.1")) is null);

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
        Assert.Equal(2, Passed(cloud, i => Asking("127.0.0.1", forwarded: $"{i}.0.0.1, 8.8.8.8")));
        Assert.Equal(20, Passed(cloud, i => Asking("127.0.0.1", forwarded: $"6.6.6.6, {i}.0.0.1")));
        Assert.Equal(2, Passed(local, i => Asking("10.0.0.1", key: $"{i}", forwarded: $"{i}.0.0.1")));
    }

    private static int Passed(RequestRates rates, Func<int, HttpContext> ask) => Enumerable.Range(0, 20).Count(i => rates.Refusal(ask(i)) is null);

    private static DefaultHttpContext Asking(string address, string? key = null, string? forwarded = null)
    {
        var context = new DefaultHttpContext { Connection = { RemoteIpAddress = IPAddress.Parse(address) } };
        context.Request.Headers["x-functions-key"] = key;
        context.Request.Headers["X-Forwarded-For"] = forwarded;
        return context;
    }
}
