using System.Text.Json;
using Azure;
using Azure.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ReidCloud.Functions.Api;
using ReidCloud.Specs;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Functions.Api;

public sealed class AnswerTests
{
    private const string Leak = "exceptional words https://h/b?sv=1&sig=planted&se=2";

    [Fact]
    public async Task A_storage_out_of_reach_is_503_with_what_to_do()
    {
        var problem = await RefusedAsync(new AggregateException(new RequestFailedException("Connection refused (127.0.0.1:10000)")));

        Assert.Equal(503, problem.GetProperty("status").GetInt32());
        Assert.Contains("Connection refused", problem.GetProperty("detail").GetString());
        Assert.Contains("ReidCloud__StorageConnection", problem.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Several_mistakes_are_all_named()
    {
        var problem = await RefusedAsync(new SpecException([new SpecError("$.a", "one"), new SpecError("$.b", "two")]));

        Assert.Equal(400, problem.GetProperty("status").GetInt32());
        Assert.Equal(["$.a", "$.b"], problem.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("path").GetString()));
        Assert.Equal("/api/here", problem.GetProperty("instance").GetString());
    }

    [Fact]
    public async Task A_body_that_ends_too_soon_is_the_clients_affair()
    {
        var problem = await RefusedAsync(new BadHttpRequestException("Unexpected end of request content."));

        Assert.Equal(400, problem.GetProperty("status").GetInt32());
        Assert.Contains("Unexpected end", problem.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task What_others_named_is_no_markup_in_an_answer()
    {
        using var body = new MemoryStream();
        using var rates = new RequestRates(new ReidCloudOptions(), hostChecksKeys: true);
        await using var services = Services(rates);
        var context = new DefaultHttpContext { RequestServices = services, Request = { Path = "/api/<script>alert('x')</script>" }, Response = { Body = body } };
        await (await Answer.WithAsync(context.Request, () => Task.FromException<IResult>(new SpecException("$.<b>", "\"><img src=x onerror='&'>")))).ExecuteAsync(context);

        Assert.DoesNotContain(System.Text.Encoding.UTF8.GetString(body.ToArray()), letter => letter is '<' or '>' or '\'' or '&');
    }

    public static TheoryData<Exception> Faults =>
    [
        new InvalidDataException(Leak), new InvalidOperationException(Leak), new RequestFailedException(403, Leak), new RequestFailedException(404, Leak),
        new RequestFailedException(409, Leak), new RequestFailedException(500, Leak), new AggregateException(new IOException(Leak)),
        new AuthenticationFailedException(Leak), new CredentialUnavailableException(Leak),
    ];

    [Theory]
    [MemberData(nameof(Faults), DisableDiscoveryEnumeration = true)]
    public async Task What_is_not_the_clients_mistake_is_told_without_the_exceptions_words_and_logged_without_its_secrets(Exception fault)
    {
        var log = new CapturedLog();
        var problem = await RefusedAsync(fault, log);

        var (status, detail) = (problem.GetProperty("status").GetInt32(), problem.GetProperty("detail").GetString()!);
        Assert.Equal(fault is AuthenticationFailedException ? 503 : 500, status);
        Assert.DoesNotContain("exceptional", detail, StringComparison.Ordinal);
        var line = Assert.Single(log.Lines);
        Assert.Contains("exceptional words", line, StringComparison.Ordinal);
        Assert.DoesNotContain("planted", line, StringComparison.Ordinal);
        Assert.True(status == 503 || detail.Contains("under trace the-trace.", StringComparison.Ordinal), detail);
        Assert.Contains("the-trace", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_has_gone_is_no_fault()
    {
        var log = new CapturedLog();

        Assert.Equal(499, (await RefusedAsync(new OperationCanceledException(), log, gone: true)).GetProperty("status").GetInt32());
        Assert.Empty(log.Lines);
    }

    [Fact]
    public async Task No_secret_is_in_what_is_said_about_a_place()
    {
        var problem = await RefusedAsync(new SpecException([new SpecError("$.a?sig=planted", "one"), new SpecError("$.b", "AccountKey=planted")]));

        Assert.DoesNotContain("planted", problem.GetRawText(), StringComparison.Ordinal);
    }

    private static async Task<JsonElement> RefusedAsync(Exception exception, CapturedLog? log = null, bool gone = false)
    {
        using var body = new MemoryStream();
        using var rates = new RequestRates(new ReidCloudOptions(), hostChecksKeys: true);
        await using var services = Services(rates, log);
        var context = new DefaultHttpContext { RequestServices = services, Request = { Path = "/api/here" }, Response = { Body = body }, TraceIdentifier = "the-trace" };
        context.RequestAborted = new CancellationToken(gone);
        var answer = await Answer.WithAsync(context.Request, () => Task.FromException<IResult>(exception));
        context.RequestAborted = default;
        await answer.ExecuteAsync(context);
        return JsonElement.Parse(body.ToArray());
    }

    private static ServiceProvider Services(RequestRates rates, CapturedLog? log = null) => new ServiceCollection().AddSingleton(rates)
        .AddLogging(logging => logging.AddProvider(log ?? new CapturedLog())).BuildServiceProvider();
}
