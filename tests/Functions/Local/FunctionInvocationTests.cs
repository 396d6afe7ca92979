using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using ReidCloud.Functions;
using ReidCloud.Functions.Local;

namespace ReidCloud.Tests.Functions.Local;

public sealed class FunctionInvocationTests
{
    [Fact]
    public async Task Passes_the_request_route_values_and_the_token_and_executes_the_result()
    {
        Assert.Equal("GET 7 x True", await AnswerAsync(nameof(Sample.Result), ("number", "7"), ("text", "x")));
    }

    [Fact]
    public async Task Executes_action_results_too() => Assert.Equal("done", await AnswerAsync(nameof(Sample.Action)));

    [Fact]
    public async Task A_parameter_left_out_of_the_route_has_its_default() => Assert.Equal("none", await AnswerAsync(nameof(Sample.Default)));

    [Fact]
    public async Task The_functions_own_exception_surfaces()
    {
        Assert.Equal("early", (await Assert.ThrowsAsync<ArithmeticException>(() => AnswerAsync(nameof(Sample.Throw)))).Message);
    }

    [Fact]
    public async Task Names_a_parameter_that_nothing_binds_to()
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => AnswerAsync(nameof(Sample.Unbound)));

        Assert.Contains("'lost'", exception.Message);
    }

    [Fact]
    public async Task Refuses_a_result_that_is_no_answer() => await Assert.ThrowsAsync<InvalidOperationException>(() => AnswerAsync(nameof(Sample.Plain)));

    private static async Task<string> AnswerAsync(string method, params (string Name, string Value)[] route)
    {
        using var body = new MemoryStream();
        var context = new DefaultHttpContext
        {
            RequestServices = new ServiceCollection().AddLogging().AddSingleton(new Word("done")).AddMvcCore().Services.BuildServiceProvider(),
            RequestAborted = new CancellationToken(canceled: true),
            Response = { Body = body },
            Request = { Method = "GET" },
        };
        foreach (var (name, value) in route)
        {
            context.Request.RouteValues[name] = value;
        }

        await FunctionInvocation.AnswerAsync(new HttpFunction(method, typeof(Sample).GetMethod(method)!, new HttpTriggerAttribute("get")), context);
        return Encoding.UTF8.GetString(body.ToArray());
    }

    private sealed record Word(string Text);

    private sealed class Sample(Word word)
    {
        public async Task<IResult> Result(HttpRequest request, int number, string text, CancellationToken cancellationToken)
        {
            await Task.Yield();
            return Results.Text($"{request.Method} {number} {text} {cancellationToken.IsCancellationRequested}");
        }

        public IActionResult Action() => new ContentResult { Content = word.Text };

        public IResult Default(string text = "none") => Results.Text(text);

        public Task<IResult> Throw() => throw new ArithmeticException("early");

        public IResult Unbound(string lost) => Results.Text(lost);

        public string Plain() => "text";
    }
}
