using System.Text.Json;
using Azure;
using Microsoft.AspNetCore.Http;
using ReidCloud.Functions.Api;
using ReidCloud.Specs;

namespace ReidCloud.Tests.Functions.Api;

public sealed class AnswerTests
{
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
        var context = new DefaultHttpContext { Request = { Path = "/api/<script>alert('x')</script>" }, Response = { Body = body } };
        await (await Answer.WithAsync(context.Request, () => Task.FromException<IResult>(new SpecException("$.<b>", "\"><img src=x onerror='&'>")))).ExecuteAsync(context);

        Assert.DoesNotContain(System.Text.Encoding.UTF8.GetString(body.ToArray()), letter => letter is '<' or '>' or '\'' or '&');
    }

    [Fact]
    public async Task What_is_nobodys_mistake_goes_on_up()
    {
        await Assert.ThrowsAsync<InvalidDataException>(() => RefusedAsync(new InvalidDataException()));
    }

    private static async Task<JsonElement> RefusedAsync(Exception exception)
    {
        using var body = new MemoryStream();
        var context = new DefaultHttpContext { Request = { Path = "/api/here" }, Response = { Body = body } };
        await (await Answer.WithAsync(context.Request, () => Task.FromException<IResult>(exception))).ExecuteAsync(context);
        return JsonElement.Parse(body.ToArray());
    }
}
