using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ReidCloud.Functions;
using ReidCloud.Functions.Api;
using ReidCloud.Tests.Testing;

namespace ReidCloud.Tests.Functions.Api;

/// <summary>The pipeline as the Functions host's worker has it: an invocation waits for each request that the host was sent.</summary>
public sealed class HttpGuardTests
{
    [Fact]
    public async Task Under_the_Functions_host_every_request_comes_through_and_the_rate_is_the_operations_answer()
    {
        await using var services = Cloud(new CapturedLog());
        var pipeline = new ApplicationBuilder(services);
        var answers = new List<int>();
        services.GetServices<IStartupFilter>().Aggregate<IStartupFilter, Action<IApplicationBuilder>>(
            app => app.Run(OperateAsync),
            (next, filter) => filter.Configure(next))(pipeline);
        var run = pipeline.Build();

        for (var i = 0; i < 20; i++)
        {
            await run(new DefaultHttpContext { RequestServices = services });
        }

        Assert.Equal(20, answers.Count);
        Assert.Equal(200, answers[0]);
        Assert.Contains(429, answers);

        async Task OperateAsync(HttpContext context)
        {
            Assert.Equal("nosniff", context.Response.Headers.XContentTypeOptions);
            var answer = await Answer.WithAsync(context.Request, () => Task.FromResult<IResult>(JsonResult.Of(1)));
            await answer.ExecuteAsync(context);
            answers.Add(context.Response.StatusCode);
        }
    }

    [Theory]
    [InlineData("Microsoft.AspNetCore.Http.Result.RedirectResult")]
    [InlineData("Microsoft.AspNetCore.Hosting.Diagnostics")]
    [InlineData("Microsoft.AspNetCore.Routing.EndpointMiddleware")]
    public async Task The_web_frameworks_own_lines_about_requests_are_not_logged(string category)
    {
        await using var services = Cloud(new CapturedLog());
        var log = services.GetRequiredService<ILoggerFactory>().CreateLogger(category);

        Assert.Equal((false, true), (log.IsEnabled(LogLevel.Information), log.IsEnabled(LogLevel.Warning)));
    }

    private static ServiceProvider Cloud(CapturedLog log)
    {
        var services = new ServiceCollection().AddLogging(logging => logging.AddProvider(log).SetMinimumLevel(LogLevel.Trace));
        var values = new Dictionary<string, string?> { ["ReidCloud:StorageConnection"] = "UseDevelopmentStorage=true", ["ReidCloud:RequestsPerSecond"] = "1" };
        FunctionsServices.Add(services, new ConfigurationBuilder().AddInMemoryCollection(values).Build(), hostChecksKeys: true);
        return services.BuildServiceProvider();
    }
}
